import { stripVTControlCharacters } from "node:util";
import { paint } from "./paint.ts";

export interface TableColumn {
  readonly title: string;
  /** Numbers stand on the right. */
  readonly align?: "right";
}

/** Rows under titles, each column as wide as its widest cell. A column that is empty throughout is left out. */
export function formatTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const shown = columns.flatMap((column, index) =>
    rows.some((row) => row[index] !== "") ? [{ column, index }] : [],
  );
  const titles = shown.map(({ column }) => paint("dim", column.title.toUpperCase()));
  const cells = [titles, ...rows.map((row) => shown.map(({ index }) => row[index] ?? ""))];
  const widths = shown.map((_, place) => Math.max(...cells.map((line) => width(line[place] ?? ""))));
  return cells.map((line) =>
    line
      .map((cell, place) => {
        const gap = " ".repeat((widths[place] ?? 0) - width(cell));
        return shown[place]?.column.align === "right" ? `${gap}${cell}` : `${cell}${gap}`;
      })
      .join("  ")
      .trimEnd(),
  );
}

/** Names and what they stand for, one below the other. Pairs without a value are left out. */
export function formatPairs(
  pairs: readonly (readonly [name: string, value: string | undefined])[],
): readonly string[] {
  const shown = pairs.filter(([, value]) => value !== undefined && value !== "");
  const longest = Math.max(0, ...shown.map(([name]) => name.length));
  return shown.map(([name, value]) => `${paint("dim", name.padEnd(longest))}  ${value ?? ""}`);
}

function width(cell: string): number {
  return stripVTControlCharacters(cell).length;
}
