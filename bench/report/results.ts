import { globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { MeasuredFigure } from "../figure.ts";
import type { Machine } from "../machine.ts";
import { figureTable } from "./figure-table.ts";

const folder = fileURLToPath(new URL("../results/", import.meta.url));

/** Each figure has a JSON file of its own, so that one can be measured anew; the tables of all make one page. */
export function keepResults(measured: MeasuredFigure): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${measured.name}.json`), `${JSON.stringify(measured, null, 2)}\n`);
  const all = globSync("*.json", { cwd: folder }).map(
    (file) => JSON.parse(readFileSync(join(folder, file), "utf8")) as MeasuredFigure,
  );
  writeFileSync(join(folder, "results.md"), page(all));
}

const order = ["steps", "table-step", "audit", "pipeline", "partitions", "serving", "loading", "starting"];

function page(figures: readonly MeasuredFigure[]): string {
  const sorted = [...figures].sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
  const sections = sorted.flatMap((figure) => [
    "",
    figureTable(figure),
    "",
    `<sub>${facts(figure.machine)}</sub>`,
  ]);
  const intro =
    "Medians, with the least and the most of all rounds in brackets; the ratio is taken round by round. What the rows " +
    "mean, and how to measure them anew: [README](../README.md).";
  return ["# Results", "", intro, ...sections, ""].join("\n");
}

function facts({ date, cores, processor, memoryGb, platform, node, sqlite, duckdb }: Machine): string {
  return `${date}, ${cores} cores (${processor}), ${memoryGb} GB, ${platform}, Node ${node}, SQLite ${sqlite}, DuckDB ${duckdb}`;
}
