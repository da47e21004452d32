import type { AssetDiff, DiffSide } from "../../control/versions/diff-asset.ts";
import type { RowChanges } from "../../control/versions/compare-tables.ts";
import { counted, thousands } from "../../core/counted.ts";
import type { Row } from "../../ports/table-engine.ts";
import { cut } from "../text/cut.ts";
import { metadataText } from "../text/metadata.ts";
import { paint } from "../text/paint.ts";

/** What `millrace diff` prints. */
export function diffText(diff: AssetDiff): readonly string[] {
  const { asset, before, after, metadata = [], columns, rows, values = [], files = [], places, equal } = diff;
  const lines = [`${paint("bold", asset)}  ${sideText(before)} → ${sideText(after)}`];
  const kept = metadata.map(
    (change) =>
      `${sign("changed")} metadata ${change.name}: ${keptText(change.before)} → ${keptText(change.after)}`,
  );
  if (equal) return [...lines, "equal", ...kept];
  const named = places.named.filter(({ partition }) => partition !== undefined);
  for (const { partition, change } of named)
    lines.push(`${sign(change)} partition ${partition ?? ""} ${change}`);
  if (places.count > named.length && named.length > 0)
    lines.push(`  ${counted(places.count, "partition")} in all`);
  for (const column of columns?.added ?? []) lines.push(`${sign("added")} column ${column}`);
  for (const column of columns?.removed ?? []) lines.push(`${sign("removed")} column ${column}`);
  for (const change of columns?.changed ?? [])
    lines.push(`${sign("changed")} column ${change.column}: ${change.before} → ${change.after}`);
  if (rows !== undefined) lines.push(...rowLines(rows));
  for (const { partition, path, before: old, after: now } of values)
    lines.push(`${sign("changed")} ${partition ?? ""}${path}: ${cell(old)} → ${cell(now)}`);
  for (const file of files)
    lines.push(
      `${sign("changed")} ${file.partition ?? "content"}: ${file.before ?? "nothing"} → ${file.after ?? "nothing"}`,
    );
  return [...lines, ...kept];
}

function keptText(value: unknown): string {
  return value === undefined ? "nothing" : cut(metadataText(value));
}

function sideText({ label, rowCount }: DiffSide): string {
  return rowCount === undefined ? label : `${label} (${counted(rowCount, "row")})`;
}

function rowLines({ by, added, removed, changed, samples }: RowChanges): readonly string[] {
  const how = by === undefined ? "whole rows" : `by ${by.join(", ")}`;
  const counts = [
    `${thousands(added)} added`,
    `${thousands(removed)} removed`,
    ...(by === undefined ? [] : [`${thousands(changed)} changed`]),
  ];
  return [
    `rows (${how}): ${counts.join(", ")}`,
    ...samples.added.map((row) => `${sign("added")} ${rowText(row)}`),
    ...samples.removed.map((row) => `${sign("removed")} ${rowText(row)}`),
    ...samples.changed.map(
      ({ before, after }) => `${sign("changed")} ${changedText(before, after, by ?? [])}`,
    ),
  ];
}

function changedText(before: Row, after: Row, by: readonly string[]): string {
  return Object.keys(after)
    .filter((name) => by.includes(name) || cell(before[name]) !== cell(after[name]))
    .map((name) =>
      cell(before[name]) === cell(after[name])
        ? `${name} ${cell(after[name])}`
        : `${name} ${cell(before[name])} → ${cell(after[name])}`,
    )
    .join(", ");
}

function rowText(row: Row): string {
  return Object.entries(row)
    .map(([name, value]) => `${name} ${cell(value)}`)
    .join(", ");
}

function cell(value: unknown): string {
  return cut(value === undefined ? "nothing" : JSON.stringify(value));
}

function sign(change: "added" | "removed" | "changed"): string {
  if (change === "added") return paint("green", "+");
  return change === "removed" ? paint("red", "-") : paint("yellow", "~");
}
