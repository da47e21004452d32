import type { PartitionRequest } from "../core/plan/wanted-ranges.ts";
import { UsageError } from "./usage-error.ts";

export interface PartitionFlags {
  readonly partition?: string;
  readonly partitions?: string;
}

/** What `--partition` and `--partitions` ask for; undefined when neither is there. */
export function partitionRequest(flags: PartitionFlags): PartitionRequest | undefined {
  const { partition, partitions } = flags;
  if (partition !== undefined) return { from: partition, to: partition };
  if (partitions === undefined) return undefined;
  const [, from, to] = /^(.+?)\.\.(.+)$/.exec(partitions) ?? [];
  if (from === undefined || to === undefined) {
    throw new UsageError(
      `--partitions takes the first and the last one, but got ${JSON.stringify(partitions)}`,
      "Write it like --partitions 2001-01..2001-03.",
    );
  }
  return { from, to };
}
