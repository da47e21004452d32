import type { PartitionRange } from "../partition/range.ts";
import { firstFew } from "../first-few.ts";

interface NamedPartition {
  readonly partition?: string;
  readonly range: PartitionRange;
}

/** Neighbours as a stretch: "2001-01 to 2001-03, 2001-06, 4 partitions". */
export function partitionSpan(partitions: readonly NamedPartition[]): string {
  const stretches: NamedPartition[][] = [];
  for (const partition of partitions) {
    const last = stretches.at(-1);
    if (last?.at(-1)?.range.to === partition.range.from) last.push(partition);
    else stretches.push([partition]);
  }
  const names = stretches.map((stretch) => {
    const [first, last] = [stretch[0]?.partition, stretch.at(-1)?.partition];
    return first === last ? String(first) : `${first} to ${last}`;
  });
  return partitions.length === 1 ? firstFew(names) : `${firstFew(names)}, ${partitions.length} partitions`;
}
