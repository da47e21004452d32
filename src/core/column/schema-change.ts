import type { Column, ColumnType } from "./column.ts";
import { engineType } from "./engine-type.ts";
import { columnWidens } from "./widens.ts";

/** A column's type and whether it may be NULL: all that decides whether it can be read. */
export interface ColumnShape {
  readonly type: ColumnType;
  readonly nullable: boolean;
}

/** A column that cannot be read as it is declared: neither equal to the stored one nor wider (N6). */
export interface SchemaChange {
  readonly column: string;
  /** Absent: the stored rows have no such column. */
  readonly stored?: ColumnShape;
  readonly declared: ColumnShape;
}

/** The declared columns that rows of the stored ones do not give. None: the rows can be read. */
export function schemaChanges(
  stored: readonly Column[],
  declared: readonly Column[],
): readonly SchemaChange[] {
  if (stored === declared) return [];
  const found = new Map(stored.map((column) => [column.name, column]));
  return declared.flatMap((column): readonly SchemaChange[] => {
    const before = found.get(column.name);
    if (columnWidens(before, column)) return [];
    const change = { column: column.name, declared: shapeOf(column) };
    return [before === undefined ? change : { ...change, stored: shapeOf(before) }];
  });
}

/** Can rows of the stored columns be read as the declared ones, every column of them? */
export function canRead(stored: readonly Column[], declared: readonly Column[]): boolean {
  return schemaChanges(stored, declared).length === 0;
}

function shapeOf({ type, nullable }: Column): ColumnShape {
  return { type, nullable };
}

/** A shape in words, for messages: shapes that cannot stand for one another differ in them. */
export function shapeText(shape: ColumnShape | undefined): string {
  return shape === undefined ? "absent" : `${typeText(shape.type)}${shape.nullable ? " or NULL" : ""}`;
}

/** As the engine calls it, with what it does not tell apart. */
function typeText(type: ColumnType): string {
  switch (type.kind) {
    case "safe_integer":
      return "BIGINT (safe)";
    case "timestamptz":
      return `${engineType(type)}${type.as === "date" ? " (milliseconds)" : ""}`;
    case "list":
      return `${shapeText(type.element)}[]`;
    case "struct":
      return `STRUCT(${type.fields.map((field) => `${field.name} ${shapeText(field)}`).join(", ")})`;
    default:
      return engineType(type);
  }
}

/** "the column amount is stored as INTEGER and declared as VARCHAR" */
export function describeChange({ column, stored, declared }: SchemaChange): string {
  if (stored === undefined)
    return `the column ${column} is declared as ${shapeText(declared)} and not stored`;
  return `the column ${column} is stored as ${shapeText(stored)} and declared as ${shapeText(declared)}`;
}
