import type { ColumnType } from "./column.ts";

/** One kind of column, everywhere it is met. Texts are for readers; an example is a value with all its appearances. */
export interface WireFormatRow {
  /** What is written in the schema. */
  readonly zod: string;
  readonly engine: string;
  readonly json: string;
  readonly csv: string;
  readonly arrow: string;
  /** How it is met in TypeScript: in rows read, in rows written. */
  readonly javascript: string;
  readonly notes: string;
  readonly example: {
    readonly type: ColumnType;
    readonly javascript: unknown;
    readonly json: string;
    readonly csv: string;
  };
}

const sameText = "as in JSON, without quotes";

/**
 * The wire format (N30): one row per kind of column. The types of `kind` make sure that no kind is forgotten, the
 * reference page is generated from it, and a test sends every example through every path.
 */
export const wireFormat = {
  varchar: {
    zod: "`z.string()`; `z.enum([…])` and `z.literal(…)` of strings; string formats that are a pattern (`z.email()`, `z.ulid()`, …)",
    engine: "VARCHAR",
    json: "string",
    csv: 'text; the empty string is `""`',
    arrow: "Utf8",
    javascript: "string",
    notes: "Enums and literals become the rule `one_of`, formats the rule `pattern`.",
    example: {
      type: { kind: "varchar" },
      javascript: 'é "q",\n',
      json: '"é \\"q\\",\\n"',
      csv: '"é ""q"",\n"',
    },
  },
  boolean: {
    zod: "`z.boolean()`; `z.literal(…)` of booleans",
    engine: "BOOLEAN",
    json: "`true` or `false`",
    csv: "`true` or `false`",
    arrow: "Bool",
    javascript: "boolean",
    notes: "",
    example: { type: { kind: "boolean" }, javascript: true, json: "true", csv: "true" },
  },
  integer: {
    zod: "`z.int32()`",
    engine: "INTEGER",
    json: "number",
    csv: sameText,
    arrow: "Int32",
    javascript: "number",
    notes: "",
    example: { type: { kind: "integer" }, javascript: -2147483648, json: "-2147483648", csv: "-2147483648" },
  },
  uinteger: {
    zod: "`z.uint32()`",
    engine: "UINTEGER",
    json: "number",
    csv: sameText,
    arrow: "Uint32",
    javascript: "number",
    notes: "",
    example: { type: { kind: "uinteger" }, javascript: 4294967295, json: "4294967295", csv: "4294967295" },
  },
  safe_integer: {
    zod: "`z.int()`, `z.number().int()`; `z.literal(…)` of whole numbers",
    engine: "BIGINT",
    json: "number",
    csv: sameText,
    arrow: "Int64",
    javascript: "number",
    notes: "±(2^53−1), which every JSON reader holds exactly; anything larger is refused.",
    example: {
      type: { kind: "safe_integer" },
      javascript: 9007199254740991,
      json: "9007199254740991",
      csv: "9007199254740991",
    },
  },
  bigint: {
    zod: "`z.bigint()`, `z.int64()`",
    engine: "BIGINT",
    json: "string of digits, exact",
    csv: sameText,
    arrow: "Int64",
    javascript: "bigint",
    notes: "",
    example: {
      type: { kind: "bigint" },
      javascript: -9223372036854775808n,
      json: '"-9223372036854775808"',
      csv: "-9223372036854775808",
    },
  },
  ubigint: {
    zod: "`z.uint64()`",
    engine: "UBIGINT",
    json: "string of digits, exact",
    csv: sameText,
    arrow: "Uint64",
    javascript: "bigint",
    notes: "",
    example: {
      type: { kind: "ubigint" },
      javascript: 18446744073709551615n,
      json: '"18446744073709551615"',
      csv: "18446744073709551615",
    },
  },
  float: {
    zod: "`z.float32()`",
    engine: "FLOAT",
    json: "number",
    csv: sameText,
    arrow: "Float32",
    javascript: "number",
    notes:
      "The 32-bit number, shown with the digits of the 64-bit number it equals. NaN and infinities are refused; −0 becomes 0.",
    example: {
      type: { kind: "float" },
      javascript: 0.10000000149011612,
      json: "0.10000000149011612",
      csv: "0.10000000149011612",
    },
  },
  double: {
    zod: "`z.number()`, `z.float64()`",
    engine: "DOUBLE",
    json: "number",
    csv: sameText,
    arrow: "Float64",
    javascript: "number",
    notes:
      "Shortest digits that give the same number back (`1.0`, `1e-07`). NaN and infinities are refused; −0 becomes 0.",
    example: { type: { kind: "double" }, javascript: 1.5e300, json: "1.5e+300", csv: "1.5e+300" },
  },
  decimal: {
    zod: "`decimal(precision, scale)`",
    engine: "DECIMAL(precision, scale)",
    json: "string, exact, with all digits of the scale",
    csv: sameText,
    arrow: "Decimal128",
    javascript: "string",
    notes: "Written values may leave trailing zeros away; they are never rounded.",
    example: {
      type: { kind: "decimal", precision: 10, scale: 2 },
      javascript: "-12345678.90",
      json: '"-12345678.90"',
      csv: "-12345678.90",
    },
  },
  date: {
    zod: "`z.iso.date()`",
    engine: "DATE",
    json: "string `YYYY-MM-DD`",
    csv: sameText,
    arrow: "Date32",
    javascript: "string",
    notes: "Years 0001 to 9999.",
    example: { type: { kind: "date" }, javascript: "2004-02-29", json: '"2004-02-29"', csv: "2004-02-29" },
  },
  time: {
    zod: "`z.iso.time()`",
    engine: "TIME",
    json: "string `HH:MM:SS`, a fraction only when there is one",
    csv: sameText,
    arrow: "Time64(microsecond)",
    javascript: "string",
    notes: "Microseconds. Written values may leave the seconds away.",
    example: { type: { kind: "time" }, javascript: "23:59:59.5", json: '"23:59:59.5"', csv: "23:59:59.5" },
  },
  timestamp: {
    zod: "`z.iso.datetime({ local: true })`",
    engine: "TIMESTAMP",
    json: "string `YYYY-MM-DDTHH:MM:SS`, a fraction only when there is one, no zone",
    csv: sameText,
    arrow: "Timestamp(microsecond)",
    javascript: "string",
    notes: "Date and time on some wall clock; microseconds; years 0001 to 9999.",
    example: {
      type: { kind: "timestamp" },
      javascript: "2001-01-01T00:05:00",
      json: '"2001-01-01T00:05:00"',
      csv: "2001-01-01T00:05:00",
    },
  },
  timestamptz: {
    zod: "`z.iso.datetime()`; `z.date()`",
    engine: "TIMESTAMP WITH TIME ZONE",
    json: "string in UTC. `z.iso.datetime()`: `2001-01-01T00:05:00Z`, a fraction only when there is one. `z.date()`: always milliseconds, `2001-01-01T00:05:00.000Z`",
    csv: sameText,
    arrow: "Timestamp(microsecond, UTC)",
    javascript: "`z.iso.datetime()`: string; `z.date()`: Date",
    notes:
      "An instant; years 0001 to 9999. `z.iso.datetime()` keeps microseconds; `z.date()` keeps milliseconds, and finer digits are cut off when it is written.",
    example: {
      type: { kind: "timestamptz", as: "string" },
      javascript: "2001-01-01T00:05:00.123456Z",
      json: '"2001-01-01T00:05:00.123456Z"',
      csv: "2001-01-01T00:05:00.123456Z",
    },
  },
  uuid: {
    zod: "`z.uuid()`, `z.guid()`",
    engine: "UUID",
    json: "string, lower case",
    csv: sameText,
    arrow: "FixedSizeBinary(16)",
    javascript: "string",
    notes: "",
    example: {
      type: { kind: "uuid" },
      javascript: "6b1c7a52-6a0e-4d2c-9f5b-1d2f3a4b5c6d",
      json: '"6b1c7a52-6a0e-4d2c-9f5b-1d2f3a4b5c6d"',
      csv: "6b1c7a52-6a0e-4d2c-9f5b-1d2f3a4b5c6d",
    },
  },
  blob: {
    zod: "`z.base64()`",
    engine: "BLOB",
    json: "string, base64",
    csv: sameText,
    arrow: "Binary",
    javascript: "string, base64",
    notes: "As a bound parameter bytes are a `Uint8Array`.",
    example: { type: { kind: "blob" }, javascript: "AP8n", json: '"AP8n"', csv: "AP8n" },
  },
  list: {
    zod: "`z.array(T)`",
    engine: "T[]",
    json: "array",
    csv: "the JSON text",
    arrow: "List",
    javascript: "array",
    notes: "",
    example: {
      type: {
        kind: "list",
        element: { name: "element", type: { kind: "bigint" }, nullable: true, rules: [] },
      },
      javascript: [1n, null],
      json: '["1",null]',
      csv: '"[""1"",null]"',
    },
  },
  struct: {
    zod: "`z.object({ … })`",
    engine: "STRUCT(…)",
    json: "object",
    csv: "the JSON text",
    arrow: "Struct",
    javascript: "object",
    notes: "",
    example: {
      type: {
        kind: "struct",
        fields: [{ name: "day", type: { kind: "date" }, nullable: false, rules: [] }],
      },
      javascript: { day: "2001-01-01" },
      json: '{"day":"2001-01-01"}',
      csv: '"{""day"":""2001-01-01""}"',
    },
  },
} as const satisfies Record<ColumnType["kind"], WireFormatRow>;

/** Part of every ETag: whoever changes how a value looks on the wire raises it. */
export const wireFormatVersion = 1;
