import { counted, thousands } from "../../core/counted.ts";

/** Begins every finding about rows: "1 of 12 rows has", "12 of 3,000,000 rows have", "1 row of 1 has". */
export function rowsOf(count: number, rowCount: number): string {
  const verb = count === 1 ? "has" : "have";
  if (rowCount === 1) return `${counted(count, "row")} of 1 ${verb}`;
  return `${thousands(count)} of ${counted(rowCount, "row")} ${verb}`;
}
