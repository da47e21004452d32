import assert from "node:assert/strict";
import { suite, test } from "node:test";
import * as z from "zod";
import type { Column } from "./column.ts";
import { columnsOf } from "./columns-of.ts";
import { decimal } from "./decimal.ts";

function only(schema: z.core.$ZodType): Column {
  const { columns, problems } = columnsOf("test", z.object({ x: schema }));
  assert.deepEqual(
    problems.map(({ message }) => message),
    [],
  );
  assert.equal(columns.length, 1);
  return columns[0] ?? assert.fail();
}

const kinds: readonly (readonly [string, z.core.$ZodType, Column["type"]])[] = [
  ["z.string()", z.string(), { kind: "varchar" }],
  ["z.enum", z.enum(["a", "b"]), { kind: "varchar" }],
  ["z.literal of strings", z.literal(["a", "b"]), { kind: "varchar" }],
  ["z.literal of whole numbers", z.literal([1, 2]), { kind: "safe_integer" }],
  ["z.literal(true)", z.literal(true), { kind: "boolean" }],
  ["z.email()", z.email(), { kind: "varchar" }],
  ["z.int()", z.int(), { kind: "safe_integer" }],
  ["z.number().int()", z.number().int(), { kind: "safe_integer" }],
  ["z.int32()", z.int32(), { kind: "integer" }],
  ["z.uint32()", z.uint32(), { kind: "uinteger" }],
  ["z.number()", z.number(), { kind: "double" }],
  ["z.float64()", z.float64(), { kind: "double" }],
  ["z.float32()", z.float32(), { kind: "float" }],
  ["z.bigint()", z.bigint(), { kind: "bigint" }],
  ["z.int64()", z.int64(), { kind: "bigint" }],
  ["z.uint64()", z.uint64(), { kind: "ubigint" }],
  ["z.boolean()", z.boolean(), { kind: "boolean" }],
  ["z.iso.date()", z.iso.date(), { kind: "date" }],
  ["z.string().date()", z.string().date(), { kind: "date" }],
  ["z.iso.time()", z.iso.time(), { kind: "time" }],
  ["z.iso.datetime({ local: true })", z.iso.datetime({ local: true }), { kind: "timestamp" }],
  ["z.iso.datetime()", z.iso.datetime(), { kind: "timestamptz", as: "string" }],
  [
    "z.iso.datetime({ offset: true })",
    z.iso.datetime({ offset: true }),
    { kind: "timestamptz", as: "string" },
  ],
  ["z.date()", z.date(), { kind: "timestamptz", as: "date" }],
  ["z.uuid()", z.uuid(), { kind: "uuid" }],
  ["z.guid()", z.guid(), { kind: "uuid" }],
  ["z.base64()", z.base64(), { kind: "blob" }],
  ["decimal(10, 2)", decimal(10, 2), { kind: "decimal", precision: 10, scale: 2 }],
  [
    "decimal with metadata",
    decimal(3, 3).meta({ title: "share" }),
    { kind: "decimal", precision: 3, scale: 3 },
  ],
];

suite("the columns of a schema", () => {
  for (const [name, schema, type] of kinds) {
    test(`${name} is ${JSON.stringify(type)}`, () => {
      assert.deepEqual(only(schema).type, type);
      assert.equal(only(schema).nullable, false);
      const nullable = only(z.nullable(schema as z.ZodType));
      assert.deepEqual([nullable.type, nullable.nullable], [type, true]);
      const list = only(z.array(schema as z.ZodType)).type;
      assert.deepEqual(list.kind === "list" ? list.element.type : list, type);
    });
  }

  test("nullable may be written as a union with null, and may stand within readonly, brands and defaults", () => {
    for (const schema of [
      z.union([z.string(), z.null()]),
      z.union([z.literal(null), z.string()]),
      z.string().nullable().readonly(),
      z.string().nullable().default("x"),
      z.string().brand("x").nullable(),
      z.string().default("x").nullable(),
    ]) {
      const column = only(schema);
      assert.deepEqual([column.type, column.nullable, column.rules], [{ kind: "varchar" }, true, []]);
    }
  });

  test("objects become structs with their fields in order", () => {
    const { type } = only(
      z.object({ b: z.int().nullable(), a: z.array(z.object({ c: z.string().min(1) })) }),
    );
    assert.deepEqual(type, {
      kind: "struct",
      fields: [
        { name: "b", type: { kind: "safe_integer" }, nullable: true, rules: [] },
        {
          name: "a",
          type: {
            kind: "list",
            element: {
              name: "element",
              type: {
                kind: "struct",
                fields: [
                  {
                    name: "c",
                    type: { kind: "varchar" },
                    nullable: false,
                    rules: [{ rule: "min_length", value: 1 }],
                  },
                ],
              },
              nullable: false,
              rules: [],
            },
          },
          nullable: false,
          rules: [],
        },
      ],
    });
  });

  test("refinements become rules, and stay so under JSON", () => {
    const rules = (schema: z.core.$ZodType): unknown => only(schema).rules;
    assert.deepEqual(rules(z.int().min(3).lt(9).multipleOf(3)), [
      { rule: "min", value: 3, exclusive: false },
      { rule: "max", value: 9, exclusive: true },
      { rule: "multiple_of", value: 3 },
    ]);
    assert.deepEqual(rules(z.int64().positive()), [{ rule: "min", value: "0", exclusive: true }]);
    assert.deepEqual(rules(z.date().max(new Date(0))), [
      { rule: "max", value: "1970-01-01T00:00:00.000Z", exclusive: false },
    ]);
    assert.deepEqual(rules(z.string().length(3)), [
      { rule: "min_length", value: 3 },
      { rule: "max_length", value: 3 },
    ]);
    assert.deepEqual(rules(z.array(z.string()).nonempty()), [{ rule: "min_length", value: 1 }]);
    assert.deepEqual(rules(z.enum(["a", "b"])), [{ rule: "one_of", values: ["a", "b"] }]);
    assert.deepEqual(rules(z.string().regex(/^a+$/i)), [{ rule: "pattern", source: "(?i)^a+$" }]);
    assert.deepEqual(rules(z.string().check(z.minLength(2))), [{ rule: "min_length", value: 2 }]);
    const column = only(z.uint64().max(18446744073709551615n).nullable());
    assert.deepEqual(JSON.parse(JSON.stringify(column)), column);
  });

  const wrongTypes: Readonly<Record<string, z.core.$ZodType>> = {
    optional: z.string().optional(),
    nullish: z.string().nullish(),
    union: z.union([z.string(), z.number()]),
    "discriminated union": z.discriminatedUnion("k", [
      z.object({ k: z.literal("a") }),
      z.object({ k: z.literal("b") }),
    ]),
    transform: z.string().transform(Number),
    pipe: z.string().pipe(z.string()),
    codec: z.codec(z.string(), z.number(), { decode: Number, encode: String }),
    preprocess: z.preprocess(String, z.string()),
    coercion: z.coerce.number(),
    catch: z.string().catch("x"),
    any: z.any(),
    unknown: z.unknown(),
    record: z.record(z.string(), z.string()),
    map: z.map(z.string(), z.string()),
    tuple: z.tuple([z.string()]),
    "mixed enum": z.enum({ a: 1, b: "b" }),
    "fractional literal": z.literal(0.5),
    "template literal": z.templateLiteral(["a", z.string()]),
    lazy: z.lazy(() => z.string()),
    "loose object": z.looseObject({ a: z.string() }),
    "empty object": z.object({}),
    "datetime local or with offset": z.iso.datetime({ local: true, offset: true }),
  };
  for (const [name, schema] of Object.entries(wrongTypes)) {
    test(`${name} is refused as a type that no column can hold, in a list and in a struct too`, () => {
      for (const wrapped of [
        schema,
        z.array(schema as z.ZodType),
        z.object({ inner: schema as z.ZodType }),
      ]) {
        const { problems } = columnsOf("sales/daily", z.object({ x: wrapped as z.ZodType }));
        assert.deepEqual(
          problems.map(({ code }) => code),
          ["COLUMN_TYPE_UNSUPPORTED"],
        );
        assert.match(problems[0]?.message ?? "", /^sales\/daily: the column x/);
      }
    });
  }

  const wrongRules: Readonly<Record<string, z.core.$ZodType>> = {
    refine: z.string().refine(() => true),
    superRefine: z.int().superRefine(() => {}),
    trim: z.string().trim(),
    toLowerCase: z.string().toLowerCase(),
    url: z.url(),
    ipv6: z.ipv6(),
    lookahead: z.string().regex(/(?=a)b/),
    "time of fixed precision": z.iso.time({ precision: 3 }),
    "datetime of fixed precision": z.iso.datetime({ precision: 0 }),
    "array refine": z.array(z.string()).refine(() => true),
    "object refine": z.object({ a: z.string() }).refine(() => true),
    "nullable refine": z
      .string()
      .nullable()
      .refine(() => true),
    "default refine": z
      .string()
      .default("")
      .refine(() => true),
    "readonly refine": z
      .string()
      .readonly()
      .refine(() => true),
    "union with null, refine": z.union([z.null(), z.string()]).refine(() => true),
    "nullable object refine": z
      .object({ a: z.string() })
      .nullable()
      .refine(() => true),
  };
  for (const [name, schema] of Object.entries(wrongRules)) {
    test(`${name} is refused as a rule that SQL cannot check`, () => {
      const { problems } = columnsOf("k", z.object({ x: schema as z.ZodType }));
      assert.deepEqual(
        problems.map(({ code }) => code),
        ["COLUMN_RULE_UNSUPPORTED"],
        problems.join(),
      );
    });
  }

  test("a rule that was added around default or readonly is a rule of the column", () => {
    const schema = z.object({
      x: z.string().min(1).default("ab").check(z.maxLength(3)).readonly().check(z.minLength(2)).nullable(),
    });
    const { columns, problems } = columnsOf("k", schema);
    assert.deepEqual(problems, []);
    assert.equal(columns[0]?.nullable, true);
    assert.deepEqual(columns[0]?.rules, [
      { rule: "min_length", value: 1 },
      { rule: "max_length", value: 3 },
      { rule: "min_length", value: 2 },
    ]);
  });

  test("an object that holds another of its kind is refused, however deep", () => {
    const Leaf = z.object({
      id: z.int(),
      get leaves() {
        return z.array(Leaf).nullable();
      },
    });
    const { problems } = columnsOf("k", z.object({ top: Leaf }));
    assert.match(
      problems.map(({ message }) => message).join("\n"),
      /^k: the column top\.leaves\[\] is an object that holds another of its kind, which no column can hold$/,
    );
  });

  test("all problems are told at once, with the whole path of each", () => {
    const schema = z
      .object({
        ok: z.string(),
        a: z.any(),
        b: z.object({ c: z.array(z.string().trim()) }),
        d: z.string().optional(),
      })
      .refine(() => true);
    const { columns, problems } = columnsOf("k", schema);
    assert.deepEqual(
      new Set(problems.map(({ details }) => details["column"])),
      new Set(["(the whole row)", "a", "b.c[]", "d"]),
    );
    assert.equal(problems.length, 4);
    assert.deepEqual(
      columns.map(({ name }) => name),
      ["ok", "b"],
    );
  });

  test("names that SQL cannot tell apart, or that are none, are refused", () => {
    const named = (...names: string[]): string[] =>
      columnsOf("k", z.object(Object.fromEntries(names.map((name) => [name, z.string()])))).problems.map(
        ({ message }) => message,
      );
    assert.match(
      named("origin", "Origin").join(),
      /Origin is named like origin but for upper and lower case/,
    );
    assert.equal(named("").length, 1);
    assert.equal(named("a\0b").length, 1);
    assert.deepEqual(named("a b", 'q"', "é", "select"), []);
  });

  test("10,000 schemas of 8 columns are read in less time than it takes to make them", () => {
    const start = performance.now();
    const schemas = Array.from({ length: 10_000 }, () =>
      z.object({
        a: z.string(),
        b: z.int().min(0),
        c: z.number().nullable(),
        d: z.iso.date(),
        e: z.string().regex(/^[a-z]+$/),
        f: z.boolean(),
        g: z.enum(["x", "y"]),
        h: z.iso.datetime(),
      }),
    );
    const made = performance.now();
    for (const schema of schemas) columnsOf("k", schema);
    const [making, reading] = [made - start, performance.now() - made];
    // Idle, it is 0.2 s against 0.8 s; a ratio holds on a busy machine too.
    assert.ok(reading < making, `${reading.toFixed(0)} ms to read, ${making.toFixed(0)} ms to make`);
  });
});

test("what is no schema is a flaw of its column, also where its module was not loaded yet", () => {
  const absent = undefined as unknown as z.core.$ZodType;
  const schema = z.object({
    id: z.int(),
    a: absent,
    b: z.object({ c: z.array(absent) }),
    d: "text" as unknown as z.core.$ZodType,
  });
  const { columns, problems } = columnsOf("test", schema);
  assert.deepEqual(
    problems.map(({ code, details }) => [code, details["column"], details["type"]]),
    [
      ["COLUMN_TYPE_UNSUPPORTED", "a", "undefined"],
      ["COLUMN_TYPE_UNSUPPORTED", "b.c[]", "undefined"],
      ["COLUMN_TYPE_UNSUPPORTED", "d", "no schema of zod 4"],
    ],
  );
  assert.deepEqual(
    columns.map(({ name }) => name),
    ["id", "b"],
  );
});

suite("decimal", () => {
  test("accepts the numbers that fit without rounding and no others", () => {
    const cases: readonly (readonly [number, number, readonly string[], readonly string[]])[] = [
      [4, 2, ["0", "-0.5", "99.99", "12"], ["100", "1.234", "", ".5", "1.", "1e2", "01", "+1", "1 "]],
      [3, 3, ["0.999", "-0"], ["1", "1.5", "10"]],
      [1, 0, ["9", "-9"], ["10", "1.0"]],
      [38, 0, ["9".repeat(38)], ["9".repeat(39)]],
    ];
    for (const [precision, scale, good, bad] of cases) {
      const schema = decimal(precision, scale);
      for (const value of good) assert.ok(schema.safeParse(value).success, `${precision},${scale} ${value}`);
      for (const value of bad) assert.ok(!schema.safeParse(value).success, `${precision},${scale} ${value}`);
    }
  });

  test("refuses a precision or scale that the engine has not", () => {
    for (const [precision, scale] of [
      [0, 0],
      [39, 0],
      [2, 3],
      [2, -1],
      [2.5, 1],
      [NaN, 0],
    ] as const) {
      assert.throws(() => decimal(precision, scale), { code: "INVALID_OPTION" });
    }
  });
});
