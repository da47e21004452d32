import type { VersionInput } from "../catalog/version.ts";
import type { CheckScope } from "./check-definition.ts";
import type { StoredMetadata } from "../metadata/metadata-value.ts";

/** How one check on one version turned out. Kept in state, attached to the version. */
export interface CheckEvaluation {
  /** Of a check of the whole asset: the newest version that the publish, or the later evaluation, was about. */
  readonly versionId: string;
  /** Absent for one that was asked later, outside of a run. */
  readonly runId?: string;
  readonly check: string;
  readonly scope: CheckScope;
  readonly passed: boolean;
  /** A failed blocking check keeps the version from being published. */
  readonly blocking: boolean;
  readonly severity: "warn" | "error";
  /** What was found, in words: "3 rows have the same day, origin". */
  readonly description?: string;
  readonly metadata?: StoredMetadata;
  /** What it read besides the version: other assets, the whole of its own, what was current before (N19). */
  readonly reads: readonly VersionInput[];
  readonly evaluatedAt: number;
}
