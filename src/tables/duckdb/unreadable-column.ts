import type { Column } from "../../core/column/column.ts";
import { engineType } from "../../core/column/engine-type.ts";
import { describeChange, type SchemaChange } from "../../core/column/schema-change.ts";
import { MillraceError } from "../../core/errors.ts";
import { text } from "../sql/literal.ts";

/** Begins the engine's message when a column is read that cannot be; the rest is JSON, a line of its own. */
const mark = "millrace-schema:";

/** SQL of the column's type that fails the query as soon as a value of it is needed, and costs nothing before. */
export function unreadableColumn(key: string, column: Column, change: SchemaChange): string {
  const told = JSON.stringify({ key, reason: describeChange(change) });
  return `cast(error(${text(`${mark}${told}`)}) as ${engineType(column.type)})`;
}

/** What a query that read such a column failed with; undefined when it failed otherwise. */
export function schemaChanged(message: string): MillraceError | undefined {
  const at = message.indexOf(mark);
  if (at === -1) return undefined;
  const [told = ""] = message.slice(at + mark.length).split("\n", 1);
  try {
    const { key, reason } = JSON.parse(told) as { key: string; reason: string };
    return new MillraceError("SCHEMA_CHANGED", { key, reason }, { place: { asset: key } });
  } catch {
    return undefined;
  }
}
