import { isPlainObject } from "../core/plain-object.ts";
import { MillraceError } from "../core/errors.ts";

/** Deeper than that is a circle, or as good as one. */
const deepest = 100;

/**
 * A value that a handler computed as the JSON of the wire format: instants as ISO text, 64-bit whole numbers and bytes as
 * strings. What has no place there is refused with its path, never silently dropped or turned into null.
 *
 * @throws RESPONSE_INVALID
 */
export function wireValue(value: unknown, path = "", depth = 0): unknown {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      if (Number.isFinite(value)) return value;
      throw refused(path, `${value} is no number that JSON has`);
    case "bigint":
      return String(value);
    case "undefined":
      throw refused(path, "nothing stands there");
    case "object":
      break;
    default:
      throw refused(path, `a ${typeof value} has no form on the wire`);
  }
  if (value === null) return null;
  if (depth > deepest) throw refused(path, "it is nested too deeply");
  if (Array.isArray(value)) return value.map((item, index) => wireValue(item, `${path}/${index}`, depth + 1));
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw refused(path, "it is no valid date");
    return value.toISOString();
  }
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (!isPlainObject(value)) {
    throw refused(path, `a ${value.constructor.name} has no form on the wire`);
  }
  // By entries: assigned, a member called `__proto__` would be lost.
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) =>
      member === undefined ? [] : [[key, wireValue(member, `${path}/${key}`, depth + 1)]],
    ),
  );
}

function refused(path: string, why: string): MillraceError {
  return new MillraceError("RESPONSE_INVALID", { reason: `at ${path === "" ? "/" : path}, ${why}` });
}

/** Rows in the wire format as CSV (RFC 4180): a header, `\r\n`, nothing for null and `""` for the empty text. */
export function csvOf(
  columns: readonly string[],
  rows: readonly Readonly<Record<string, unknown>>[],
): string {
  const lines = [columns.map(cell), ...rows.map((row) => columns.map((column) => cell(row[column])))];
  return lines.map((cells) => `${cells.join(",")}\r\n`).join("");
}

function cell(value: unknown): string {
  if (value === undefined || value === null) return "";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text === "" || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
