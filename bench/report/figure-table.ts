import { isKept, type MeasuredFigure, type Row } from "../figure.ts";
import type { Spread } from "../measure/spread.ts";

/** A figure's rows as a Markdown table: medians, with the least and the most of all rounds. */
export function figureTable({ title, load, rows }: MeasuredFigure): string {
  const lines = rows.map((row) => {
    const cells = [
      row.what,
      withUnit(row.ours, row),
      withUnit(row.floor, row),
      spread(row.ratio, "×"),
      budget(row),
    ];
    return `| ${cells.join(" | ")} |`;
  });
  return [
    `## ${title}`,
    "",
    `Load of the machine when it began: ${load.toFixed(1)}.`,
    "",
    "| what | Millrace | floor | ratio | budget |",
    "| --- | --- | --- | --- | --- |",
    ...lines,
  ].join("\n");
}

function withUnit(values: Spread | undefined, { unit }: Row): string {
  return spread(values, unit === "×" ? "×" : ` ${unit}`);
}

function spread(values: Spread | undefined, unit: string): string {
  if (values === undefined) return "";
  const { median, min, max } = values;
  if (values.values.length === 1) return `${digits(median)}${unit}`;
  return `**${digits(median)}**${unit} (${digits(min)}–${digits(max)})`;
}

/** Three digits that count. */
function digits(value: number): string {
  const decimals = value === 0 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toLocaleString("en-US", {
    minimumFractionDigits: Math.min(decimals, 3),
    maximumFractionDigits: Math.min(decimals, 3),
  });
}

function budget(row: Row): string {
  if (row.budget === undefined) return "";
  const { of, most, least } = row.budget;
  const unit = of === "ratio" || row.unit === "×" ? "×" : ` ${row.unit}`;
  const limit = most === undefined ? `≥ ${least ?? 0}${unit}` : `≤ ${most}${unit}`;
  return `${limit} ${isKept(row) === true ? "✓" : "✗"}`;
}
