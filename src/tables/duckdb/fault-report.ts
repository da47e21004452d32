import { faultCounts } from "../wire/faults-of-row.ts";
import type { FittedColumn } from "../wire/fit.ts";
import type { Ready } from "./session.ts";

/** Says which values of a result break their columns, by asking again for their numbers. */
export async function faultReport(
  ready: Ready,
  columns: readonly FittedColumn[],
  from: string,
): Promise<string> {
  const { aggregates, report } = faultCounts(columns);
  const result = await ready.runOnce(`select ${["count(*)", ...aggregates].join(", ")} from ${from}`);
  const [row = []] = await result.getRows();
  const [rowCount = 0, ...counts] = row.map(Number);
  // A statement that gives other rows each time may be without fault the second time.
  return report(counts, rowCount).join("; ") || "a value broke its column";
}
