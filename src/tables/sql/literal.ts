import type { ColumnType } from "../../core/column/column.ts";
import { engineType } from "../../core/column/engine-type.ts";

/** A string literal. A zero character, which would end the text early, is spliced in by a function. */
export function text(value: string): string {
  const quoted = value.split("\0").map((piece) => `'${piece.replaceAll("'", "''")}'`);
  return quoted.length === 1 ? (quoted[0] ?? "''") : `(${quoted.join(" || chr(0) || ")})`;
}

/** A value that a column of this type is compared with. */
export function literalFor(type: ColumnType, value: number | bigint | string | boolean | Date): string {
  if (typeof value === "boolean") return String(value);
  const written = value instanceof Date ? value.toISOString() : String(value);
  return type.kind === "varchar" ? text(written) : `cast(${text(written)} as ${engineType(type)})`;
}
