import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import * as z from "zod";
import { asset } from "../asset/asset.ts";
import { MillraceError } from "../errors.ts";
import { partitions } from "../partition/partitions.ts";
import { SqlTree, tableRef, type SqlPart } from "./sql-tree.ts";
import { sql } from "./sql.ts";

const flights = asset("flights", { columns: z.object({ n: z.int() }), sql: sql`select 1 as n` });
const tree = (made: object): SqlTree => {
  assert.ok(made instanceof SqlTree);
  return made;
};
const parts = (made: object): readonly SqlPart[] => tree(made).parts;
const text = (value: string): SqlPart => ({ part: "text", text: value });
const value = (bound: never): SqlPart => ({ part: "value", value: bound });
const unsafe = sql as unknown as (text: TemplateStringsArray, ...values: unknown[]) => object;

/** Where a MillraceError was thrown, and in which words. */
const refusal = (work: () => unknown): { message: string; code: string; file: string | undefined } => {
  try {
    work();
  } catch (error) {
    if (error instanceof MillraceError)
      return { message: error.message, code: error.code, file: error.place.file };
    throw error;
  }
  return assert.fail("it was not refused");
};

test("what the author wrote stays text, in order, and what is interpolated stays apart from it", () => {
  const made = sql`select ${"x'; drop table flights; --"} as a from ${flights} where b = ${3}`;
  assert.deepEqual(parts(made), [
    text("select "),
    value("x'; drop table flights; --" as never),
    text(" as a from "),
    { part: "table", table: { asset: "flights" } },
    text(" where b = "),
    value(3 as never),
  ]);
});

test("no value ever becomes text: the text parts are the author's alone", () => {
  const values = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.bigInt(),
    fc.constant(null),
    fc.date({ noInvalidDate: true }),
  );
  fc.assert(
    fc.property(values, values, fc.string(), (a, b, name) => {
      const made = parts(sql`select ${a}, ${sql`nested ${b}`} from ${sql.id(name)}`);
      assert.deepEqual(
        made.flatMap((part) => (part.part === "text" ? [part.text] : [])),
        ["select ", ", ", "nested ", " from "],
      );
      assert.deepEqual(
        made.flatMap((part) => (part.part === "value" ? [part.value] : [])),
        [a, b],
      );
      assert.deepEqual(made.at(-1), { part: "identifier", name });
    }),
  );
});

test("fragments nest to any depth and bring what they read along", () => {
  let made = sql`select * from ${flights}`;
  for (let depth = 0; depth < 50; depth += 1) made = sql`(${made})`;
  assert.equal(parts(made).length, 102);
  assert.deepEqual(tree(made).assets, [flights]);
});

test("join puts the separator between the fragments, and a comma when none is given", () => {
  assert.deepEqual(
    parts(sql.join([sql`a`, sql`b`, sql`c`])).map((part) => (part as { text: string }).text),
    ["a", ", ", "b", ", ", "c"],
  );
  const joined = sql.join([sql`a = ${1}`, sql`b in (select n from ${flights})`], sql` and `);
  assert.equal(parts(joined).length, 6);
  assert.deepEqual(tree(joined).assets, [flights]);
  assert.deepEqual(parts(sql.join([])), []);
  assert.deepEqual(parts(sql`select 1 ${sql.empty}`), [text("select 1 ")]);
});

test("join refuses what is no fragment rather than dropping a condition", () => {
  const { join } = sql as unknown as { join: (parts: unknown[], separator?: unknown) => unknown };
  assert.equal(refusal(() => join([sql`a = 1`, "b = 2"])).code, "SQL_VALUE_UNSUPPORTED");
  assert.equal(refusal(() => join([sql`a`, undefined])).code, "SQL_VALUE_UNSUPPORTED");
  assert.equal(refusal(() => join([sql`a`, sql`b`], " and ")).code, "SQL_VALUE_UNSUPPORTED");
});

test("a name is an identifier, whatever it holds", () => {
  assert.deepEqual(parts(sql.id('a"; drop table b')), [{ part: "identifier", name: 'a"; drop table b' }]);
});

test("sql.one says that one row is meant, also when it is made of fragments", () => {
  assert.equal(tree(sql.one`select ${sql`1`}`).rows, "one");
  assert.equal(tree(sql`select 1`).rows, "many");
  assert.equal(tree(unsafe`${sql.one`select 1`}`).rows, "many");
});

test("a partition's bounds stay bounds, to be filled in when the step runs", () => {
  const months = partitions.monthly({ start: "2001-01" });
  assert.deepEqual(
    parts(sql`${months.start} ${months.end} ${months.key}`).filter(({ part }) => part === "bound"),
    [
      { part: "bound", bound: "start" },
      { part: "bound", bound: "end" },
      { part: "bound", bound: "key" },
    ],
  );
});

test("a table handle stands for its table, but is no dependency", () => {
  const handle = { [tableRef]: { asset: "flights", dependency: "mine" } };
  const made = tree(unsafe`from ${handle}`);
  assert.deepEqual(made.parts.at(-1), { part: "table", table: { asset: "flights", dependency: "mine" } });
  assert.deepEqual(made.assets, []);
});

test("what cannot be bound is refused by its name and by what stands before it", () => {
  const refused: [unknown, string][] = [
    [undefined, "undefined"],
    [NaN, "NaN"],
    [-Infinity, "-Infinity"],
    [new Date(NaN), "an invalid date"],
    [() => 1, "a function"],
    [Symbol("x"), "a symbol"],
    [{ a: 1 }, "an object"],
    [new Map(), "an object"],
    [["a", undefined], "an object"],
    [[[NaN]], "an object"],
  ];
  for (const [given, name] of refused) {
    const { message, code, file } = refusal(() => unsafe`select 1 where x = ${given}`);
    assert.equal(code, "SQL_VALUE_UNSUPPORTED");
    assert.equal(
      message,
      `sql: the value after «select 1 where x =» is ${name}, which is no bound parameter`,
    );
    assert.equal(file, import.meta.filename);
  }
});

test("a refused value has its file and line in sql.one too", () => {
  assert.equal(
    refusal(() => (sql.one as unknown as typeof unsafe)`select ${undefined}`).file,
    import.meta.filename,
  );
});

test("lists, bytes, dates and 64-bit numbers are values", () => {
  const values = [[1, [2n, null]], new Uint8Array([1]), new Date(0), 2n ** 63n, [], ""];
  assert.deepEqual(
    values.map((given) => parts(unsafe`${given}`)),
    values.map((given) => [value(given as never)]),
  );
});

test("an escape that JavaScript does not know is left as it was written", () => {
  // In a tagged template this is allowed, and the text as JavaScript reads it is then absent.
  assert.deepEqual(parts(sql`select '\u'`), [text("select '\\u'")]);
});

test("a text is frozen once it is made", () => {
  assert.ok(Object.isFrozen(sql`select 1`));
});
