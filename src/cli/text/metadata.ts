import { stripVTControlCharacters } from "node:util";
import { counted } from "../../core/counted.ts";
import type { StoredMetadata } from "../../core/metadata/metadata-value.ts";
import { typedMetadata } from "../../core/metadata/typed-metadata.ts";
import { isRecord } from "../../core/option-rules.ts";
import { fieldsText } from "./fields.ts";
import { formatPairs, formatTable } from "./table.ts";

/** So many lines of one value are shown; `--json` has all of it. */
const mostLines = 20;

/** "auc=0.71 board=https://bi.example sample=(3 rows)": metadata beside other things. */
export function metadataSummary(metadata: StoredMetadata): string {
  return fieldsText(
    Object.fromEntries(Object.entries(metadata).map(([name, value]) => [name, brief(value)])),
  );
}

/** Each value below the other, in full as far as it fits: texts by lines, tables as tables. */
export function metadataLines(metadata: StoredMetadata): readonly string[] {
  return formatPairs(
    Object.entries(metadata).flatMap(([name, value]) => {
      const lines = fullLines(value).flatMap((line) => (line === "" ? [] : [line]));
      const left = lines.length - mostLines;
      const shown = left <= 0 ? lines : [...lines.slice(0, mostLines), `… ${counted(left, "more line")}`];
      return (shown.length === 0 ? ['""'] : shown).map(
        (line, index) => [index === 0 ? name : "", line] as const,
      );
    }),
  );
}

/** A value in one line. What takes more is counted. */
export function metadataText(stored: unknown): string {
  const text = brief(stored);
  return typeof text === "string" ? printable(text) : JSON.stringify(text);
}

function brief(stored: unknown): unknown {
  const typed = typedMetadata(stored);
  if (typed === undefined) return stored;
  const { kind, value } = typed;
  switch (kind) {
    case "table":
      return `(${counted(listOf(value).length, "row")})`;
    case "tableSchema":
      return `(${counted(listOf(value).length, "column")})`;
    case "columnLineage":
      return `(${counted(Object.keys(recordOf(value)).length, "column")})`;
    case "markdown": {
      const [first = "", ...others] = String(value).trim().split("\n");
      return others.length === 0 ? first : `${first} …`;
    }
    default:
      return value;
  }
}

function fullLines(stored: unknown): readonly string[] {
  const { kind, value } = typedMetadata(stored) ?? {};
  switch (kind) {
    case "table":
      return tableLines(listOf(value).map(recordOf));
    case "tableSchema":
      return tableLines(listOf(value).map(recordOf));
    case "columnLineage":
      return Object.entries(recordOf(value)).map(([column, origins]) => {
        const read = listOf(origins)
          .map(recordOf)
          .map((origin) => `${metadataText(origin["asset"])}.${metadataText(origin["column"])}`);
        return `${printable(column)} ← ${read.join(", ")}`;
      });
    case "markdown":
      return String(value).split("\n").map(printable);
    default:
      return typeof stored === "string" ? stored.split("\n").map(printable) : [metadataText(stored)];
  }
}

function tableLines(rows: readonly Readonly<Record<string, unknown>>[]): readonly string[] {
  if (rows.length === 0) return ["(0 rows)"];
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return formatTable(
    names.map((name) => ({
      title: printable(name),
      ...(rows.every((row) => typeof row[name] === "number") ? { align: "right" as const } : {}),
    })),
    rows.map((row) => names.map((name) => (row[name] === undefined ? "" : metadataText(row[name])))),
  );
}

/** What somebody wrote must not steer the terminal of whoever reads it. */
function printable(text: string): string {
  return stripVTControlCharacters(text)
    .replaceAll("\t", "  ")
    .replaceAll(/\p{Cc}/gu, "\uFFFD");
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}
