import type { Column, ColumnType } from "./column.ts";

/** Digits before the point that hold every value of a whole-number type. */
const digits: Readonly<Partial<Record<ColumnType["kind"], number>>> = {
  integer: 10,
  uinteger: 10,
  safe_integer: 16,
  bigint: 19,
  ubigint: 20,
};

/** What each type without parameters widens to, besides itself and decimals. */
const wider: Readonly<Partial<Record<ColumnType["kind"], readonly ColumnType["kind"][]>>> = {
  integer: ["safe_integer", "bigint", "double"],
  uinteger: ["safe_integer", "bigint", "ubigint", "double"],
  safe_integer: ["bigint", "double"],
  float: ["double"],
  // A wall-clock date is the midnight of that clock. An instant would need a zone, which nobody gave.
  date: ["timestamp"],
};

/**
 * Is every value of the one type, exactly as it is, a value of the other (N6)? For types without fields this is a
 * partial order: what widens in two steps widens in one. 64-bit integers have no exact double, 32-bit ones no exact
 * float, and nothing but a wider decimal holds a decimal.
 */
export function widens(from: ColumnType, to: ColumnType): boolean {
  if (to.kind === "decimal") {
    const whole = from.kind === "decimal" ? from.precision - from.scale : digits[from.kind];
    const scale = from.kind === "decimal" ? from.scale : 0;
    return whole !== undefined && whole <= to.precision - to.scale && scale <= to.scale;
  }
  if (from.kind === "list" && to.kind === "list") return columnWidens(from.element, to.element);
  if (from.kind === "struct" && to.kind === "struct") {
    const fields = new Map(from.fields.map((field) => [field.name, field]));
    return to.fields.every((field) => columnWidens(fields.get(field.name), field));
  }
  if (from.kind === "timestamptz" && to.kind === "timestamptz")
    return from.as === to.as || to.as === "string";
  return from.kind === to.kind || wider[from.kind]?.includes(to.kind) === true;
}

/**
 * Can the stored column be read as the declared one? One that is not there reads as NULL, where that is allowed; a
 * column that may be NULL is no column that may not.
 */
export function columnWidens(stored: Column | undefined, declared: Column): boolean {
  if (stored === undefined) return declared.nullable;
  return (declared.nullable || !stored.nullable) && widens(stored.type, declared.type);
}
