import type { AssetDefinition } from "../../core/asset/asset-definition.ts";
import type { ReadablePart } from "../../core/catalog/readable-part.ts";
import type { VersionInput } from "../../core/catalog/version.ts";
import type { RecordedFacts } from "../../core/check/recorded-answer.ts";
import type { CheckCircumstances } from "./check-context.ts";
import type { Surroundings } from "../steps/dependencies.ts";

/** What checks are asked about, and what surrounds it. */
export interface CheckSubject extends Surroundings {
  readonly asset: AssetDefinition;
  /** The versions under test. */
  readonly parts: readonly ReadablePart[];
  /** True for a whole partitioned asset: values and files then come as entries. */
  readonly many: boolean;
  readonly facts: RecordedFacts;
  /** What was current before; undefined when nothing was. */
  readonly before: RecordedFacts | undefined;
  /** What `before` is of. */
  readonly beforeReads: readonly VersionInput[];
  /** The whole asset, where that is under test. */
  readonly ownReads: readonly VersionInput[];
  readonly signal: AbortSignal;
  /** Told to whoever watches over the run: what it gives is called when the limit was noticed, or the check is done. */
  readonly limit?: (limitMs: number) => () => void;
  /** What it is of can be made again: a check that asks for that is heard. */
  readonly canBeMadeAgain?: true;
  readonly circumstances: CheckCircumstances;
}
