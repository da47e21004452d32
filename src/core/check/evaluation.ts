/** How one check on one version turned out. Kept in state, attached to the version. */
export interface CheckEvaluation {
  readonly versionId: string;
  readonly runId: string;
  readonly check: string;
  readonly passed: boolean;
  /** A failed blocking check keeps the version from being published. */
  readonly blocking: boolean;
  readonly severity: "warn" | "error";
  /** What was found, in words: "3 rows have the same day, origin". */
  readonly description?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly evaluatedAt: number;
}
