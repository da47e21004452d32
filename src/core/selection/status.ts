/** What can hold of an asset now. Of one with partitions several may hold at once, each for some of them. */
export const statuses = ["missing", "stale", "upstream_stale", "fresh", "failed", "held"] as const;

export type Status = (typeof statuses)[number];
