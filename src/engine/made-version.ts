import type { StagedVersion } from "../ports/state/run-store.ts";
import type { AuditAnswer } from "../ports/table-engine.ts";

/** A new version's content is complete and durable; nobody can see it yet. */
export interface MadeVersion {
  readonly version: Omit<StagedVersion, "codeVersion" | "inputs">;
  /** How the checks that run inside the engine turned out, by name. */
  readonly answers: ReadonlyMap<string, AuditAnswer>;
}
