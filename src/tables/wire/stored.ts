import type { ColumnType } from "../../core/column/column.ts";
import { eachElement, eachField } from "./nested-sql.ts";

/** SQL for a value as it is stored, so that equal data gives equal bytes: no −0, no digits finer than the type keeps. */
export function stored(value: string, type: ColumnType, depth = 0): string {
  switch (type.kind) {
    case "float":
      return `cast(${value} + 0.0::FLOAT as FLOAT)`;
    case "double":
      return `${value} + 0.0::DOUBLE`;
    case "timestamptz":
      return type.as === "date" ? `date_trunc('milliseconds', ${value})` : value;
    case "list":
      return changes(type)
        ? eachElement(value, depth, (element, inner) => stored(element, type.element.type, inner))
        : value;
    case "struct":
      return changes(type)
        ? eachField(value, type.fields, (field, column) => stored(field, column.type, depth))
        : value;
    default:
      return value;
  }
}

function changes(type: ColumnType): boolean {
  if (type.kind === "list") return changes(type.element.type);
  if (type.kind === "struct") return type.fields.some((field) => changes(field.type));
  return (
    type.kind === "float" || type.kind === "double" || (type.kind === "timestamptz" && type.as === "date")
  );
}
