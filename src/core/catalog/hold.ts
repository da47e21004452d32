import type { PartitionRange } from "../partition/range.ts";

/** Who keeps a pointer where it is (of several rollbacks the last), why, and since when it is held (N17). */
export interface Hold {
  readonly by: string;
  /** "" when nobody said. */
  readonly reason: string;
  /** Since when it has been held without a break, in milliseconds since the epoch. */
  readonly at: number;
}

/** A range of an asset that a rollback has put where it is: later versions stay staged until it is released. */
export interface HeldRange {
  readonly assetId: number;
  readonly spaceId: number;
  readonly range: PartitionRange;
  /** What is current there; absent where the rollback left nothing. */
  readonly versionId?: string;
  readonly hold: Hold;
}

/** "held by ada (bad prices)". */
export function describeHold({ by, reason }: Hold): string {
  return reason === "" ? `held by ${by}` : `held by ${by} (${reason})`;
}
