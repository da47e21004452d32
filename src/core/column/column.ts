/** What a column holds in the engine. One row of the wire-format table (docs/reference/wire-format.md) each. */
export type ColumnType =
  | { readonly kind: "varchar" | "boolean" | "date" | "time" | "uuid" | "blob" | "float" | "double" }
  /** Whole numbers. `safe`: JSON numbers within ±(2⁵³−1); `exact`: 64 bits, JSON strings. */
  | { readonly kind: "integer" | "uinteger" | "safe_integer" | "bigint" | "ubigint" }
  /** Local date and time without a zone; microseconds. */
  | { readonly kind: "timestamp" }
  /** An instant. `as`: how it is met in JavaScript: a Date (milliseconds) or an ISO string (microseconds). */
  | { readonly kind: "timestamptz"; readonly as: "date" | "string" }
  | { readonly kind: "decimal"; readonly precision: number; readonly scale: number }
  | { readonly kind: "list"; readonly element: Column }
  | { readonly kind: "struct"; readonly fields: readonly Column[] };

/** A refinement of the schema, in a form that SQL can check. Lengths are counted as JavaScript does (UTF-16 units). */
export type ColumnRule =
  /** `value`: a 64-bit whole number is its decimal text, an instant its ISO text, so that columns stay JSON. */
  | { readonly rule: "min" | "max"; readonly value: number | string; readonly exclusive: boolean }
  | { readonly rule: "min_length" | "max_length"; readonly value: number }
  /** In the engine's dialect (RE2). */
  | { readonly rule: "pattern"; readonly source: string }
  | { readonly rule: "multiple_of"; readonly value: number | string }
  | { readonly rule: "one_of"; readonly values: readonly (string | number | boolean)[] };

/** A column: its name, type, whether NULL is allowed, and the rules its values keep. Plain data, kept in state. */
export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
  readonly rules: readonly ColumnRule[];
}
