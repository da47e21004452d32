import type { StoredMetadata } from "../metadata/metadata-value.ts";

/** What a check found. */
export interface CheckAnswer {
  readonly passed: boolean;
  /** In words with numbers; for a passed check too. */
  readonly description: string;
  readonly metadata: StoredMetadata;
  /** Instead of the check's own severity. */
  readonly severity?: "warn" | "error";
}

/** A check that gave no answer has failed, and says why. */
export function noAnswer(description: string): CheckAnswer {
  return { passed: false, description, metadata: {} };
}
