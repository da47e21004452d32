import { firstFew } from "../../core/first-few.ts";

/** "snapshot 7", "snapshots 7, 9". */
export function snapshotsText(numbers: readonly number[]): string {
  return `snapshot${numbers.length === 1 ? "" : "s"} ${firstFew(numbers.map(String))}`;
}
