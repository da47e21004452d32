import type { CheckAnswer } from "../../core/check/check-answer.ts";
import type { StagedVersion } from "../../ports/state/run-store.ts";

/** A new version's content is complete and durable; nobody can see it yet. */
export interface MadeVersion {
  readonly version: Omit<StagedVersion, "codeVersion" | "inputs">;
  /** How the checks that run inside the engine turned out, by name. */
  readonly answers: ReadonlyMap<string, CheckAnswer>;
}
