import type { Column, ColumnType } from "../../core/column/column.ts";
import { engineType } from "../../core/column/engine-type.ts";
import { eachElement, eachField } from "./nested-sql.ts";

/** SQL for a stored value as one of the wider type; which types are wider is decided in `core/column/widens.ts`. */
export function widened(value: string, from: ColumnType, to: ColumnType, depth = 0): string {
  if (engineType(from) === engineType(to)) return value;
  if (from.kind === "list" && to.kind === "list") {
    const [inner, outer] = [from.element.type, to.element.type];
    return eachElement(value, depth, (element, below) => widened(element, inner, outer, below));
  }
  if (from.kind === "struct" && to.kind === "struct") {
    const fields = new Map(from.fields.map((field) => [field.name, field]));
    return eachField(value, to.fields, (field, column) => {
      const before = fields.get(column.name);
      return before === undefined ? nullOf(column) : widened(field, before.type, column.type, depth);
    });
  }
  return `cast(${value} as ${engineType(to)})`;
}

/** What a row has in a column that was not there when it was written. */
export function nullOf({ type }: Pick<Column, "type">): string {
  return `cast(null as ${engineType(type)})`;
}
