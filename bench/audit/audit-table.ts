/**
 * One audit of a version by the engine that materializes, in a process of its own: `audit-table.ts <asked> <path>`.
 * Opening the engine does not count.
 */
import { openTableEngine } from "../../src/tables/duckdb/open-table-engine.ts";
import type { AuditRule } from "../../src/ports/table-engine.ts";
import { giveResult } from "../measure/give-result.ts";
import { columns } from "./columns.ts";

/** Counted while the data version is made, in the same pass. */
const counted: readonly AuditRule[] = [
  { rule: "not_null", columns: columns.map(({ name }) => name) },
  { rule: "row_count", min: 1 },
  { rule: "range", column: "amount", min: 0, max: 1000 },
  { rule: "range", column: "day", min: "2020-01-01", max: "2029-12-31" },
  { rule: "freshness", column: "day", maxAgeMs: 3_650 * 86_400_000, now: Date.UTC(2026, 0) },
];

const asked: Readonly<Record<string, readonly AuditRule[]>> = {
  version: [],
  counted,
  grouped: [...counted, { rule: "unique", columns: ["id"] }],
};

const [which = "", path = ""] = process.argv.slice(2);
const rules = asked[which];
if (rules === undefined) throw new Error(`asked is one of ${Object.keys(asked).join(", ")}, not ${which}`);
const engine = await openTableEngine({ mode: "batch" });
const source = {
  key: "rows",
  columns,
  parts: [{ part: "files", files: [path], columns }],
  id: path,
} as const;
const started = performance.now();
const { rowCount, answers } = await engine.audit({ source, rules });
const milliseconds = performance.now() - started;
await engine.close();
const failed = answers.filter(({ passed }) => !passed);
if (failed.length > 0) throw new Error(failed.map(({ description }) => description).join("; "));
giveResult({ milliseconds, rowCount });
