import type { Row } from "../../ports/table-engine.ts";

const shownRows = 2;
const shownCharacters = 200;

/** The first of some rows as JSON, short enough for a sentence. 64-bit numbers are strings, as on the wire. */
export function sampleText(rows: readonly Row[]): string {
  const shown = rows.slice(0, shownRows).map((row) => JSON.stringify(row, plain));
  const text = [...shown, ...(rows.length > shownRows ? ["…"] : [])].join(", ");
  if (text.length <= shownCharacters) return text;
  // Not between the halves of a character beyond U+FFFF.
  return `${text.slice(0, shownCharacters - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}

function plain(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}
