import type { Column } from "../../core/column/column.ts";
import { quoteName } from "../../core/column/engine-type.ts";
import { text } from "../sql/literal.ts";

/** A field of a struct. */
export function fieldOf(value: string, name: string): string {
  return `struct_extract(${value}, ${text(name)})`;
}

/** The name of an element inside a lambda at this depth. */
export function elementAt(depth: number): string {
  return `e${depth}`;
}

/** The list with every element replaced. */
export function eachElement(
  value: string,
  depth: number,
  replace: (element: string, depth: number) => string,
): string {
  const element = elementAt(depth);
  return `list_transform(${value}, lambda ${element}: ${replace(element, depth + 1)})`;
}

/** The struct with every field replaced; NULL stays NULL. */
export function eachField(
  value: string,
  fields: readonly Column[],
  replace: (field: string, column: Column) => string,
): string {
  const packed = fields.map(
    (field) => `${quoteName(field.name)} := ${replace(fieldOf(value, field.name), field)}`,
  );
  return `case when ${value} is null then null else struct_pack(${packed.join(", ")}) end`;
}
