import type { PartitionRange } from "../../core/partition/range.ts";

/** The columns in which every table holds a range of partitions. */
export interface RangeRow {
  readonly slice: string;
  readonly range_from: number;
  readonly range_to: number;
}

export function rangeOfRow(row: RangeRow): PartitionRange {
  return { slice: row.slice, from: row.range_from, to: row.range_to };
}
