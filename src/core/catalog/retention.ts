/** For how long what is no longer current is kept (N18). Milliseconds. */
export interface Retention {
  /** A snapshot lives this long after another took its place. */
  readonly keepMs: number;
  /** Assets that are kept for longer or shorter than that, by id. */
  readonly keepMsOf: ReadonlyMap<number, number>;
  /** What nobody needs any longer is removed only after this: it may still be read by requests that are under way. */
  readonly graceMs: number;
}

export const defaultKeepMs: number = 30 * 86_400_000;
export const defaultGraceMs: number = 15 * 60_000;

/** How long an asset is kept. */
export function keepMsOf({ keepMs, keepMsOf: own }: Retention, assetId: number): number {
  return own.get(assetId) ?? keepMs;
}

/** For how long snapshots as such are kept: as long as any asset is. */
export function longestKeepMs({ keepMs, keepMsOf: own }: Retention): number {
  let longest = keepMs;
  for (const each of own.values()) longest = Math.max(longest, each);
  return longest;
}

/**
 * How long a process that is cut off from state may go on answering from what it knew last. With the longest request it
 * stays below the grace, so that nothing it reads is removed meanwhile.
 */
export function longestBlindMs(graceMs: number): number {
  return Math.floor(graceMs / 2);
}
