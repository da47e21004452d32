import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { meta } from "./meta.ts";
import { metadataLimits, storeMetadata } from "./store-metadata.ts";

function stored(
  given: unknown,
  before?: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const { stored: kept, flaw } = storeMetadata(given, before);
  assert.equal(flaw, undefined);
  return kept ?? assert.fail();
}

function flawOf(given: unknown, before?: Readonly<Record<string, unknown>>): string {
  const { flaw } = storeMetadata(given, before);
  assert.ok(flaw !== undefined, "it was kept");
  return `${flaw.name}: ${flaw.reason}`;
}

test("whatever is given is kept or its flaw told; what is kept comes back from JSON, and stays when it is kept again", () => {
  const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true });
  fc.assert(
    fc.property(anything, (given) => {
      for (const one of [given, { given }]) {
        const { stored: kept, flaw } = storeMetadata(one);
        assert.notEqual(kept === undefined, flaw === undefined);
        if (kept === undefined) continue;
        assert.deepEqual(JSON.parse(JSON.stringify(kept)), kept);
        assert.deepEqual(stored(kept), kept);
      }
    }),
  );
});

test("plain JSON stays what it is; the other kinds say what they are", () => {
  const at = new Date("2026-11-22T10:00:00Z");
  assert.deepEqual(
    stored({
      n: 3,
      share: 0.5,
      minus: -0,
      text: "x",
      yes: true,
      none: null,
      curve: [[0, 0.5]],
      nested: { a: null, left: undefined },
      nothing: undefined,
      at,
      same: meta.timestamp(at),
      notes: meta.markdown("# Fine"),
      board: meta.url(new URL("https://bi.example/orders")),
      file: meta.path("s3://bucket/orders"),
      earlier: meta.run("3f2a91c4"),
      reads: meta.asset("sales/orders"),
      sample: meta.table([{ id: 1, at }]),
      schema: meta.tableSchema([{ name: "id", type: "bigint", nullable: false }]),
      from: meta.columnLineage({ revenue: [meta.column("sales/orders", "amount")] }),
    }),
    {
      n: 3,
      share: 0.5,
      minus: 0,
      text: "x",
      yes: true,
      none: null,
      curve: [[0, 0.5]],
      nested: { a: null },
      at: { $meta: "timestamp", value: "2026-11-22T10:00:00.000Z" },
      same: { $meta: "timestamp", value: "2026-11-22T10:00:00.000Z" },
      notes: { $meta: "markdown", value: "# Fine" },
      board: { $meta: "url", value: "https://bi.example/orders" },
      file: { $meta: "path", value: "s3://bucket/orders" },
      earlier: { $meta: "run", value: "3f2a91c4" },
      reads: { $meta: "asset", value: "sales/orders" },
      sample: {
        $meta: "table",
        value: [{ id: 1, at: { $meta: "timestamp", value: "2026-11-22T10:00:00.000Z" } }],
      },
      schema: { $meta: "tableSchema", value: [{ name: "id", type: "bigint", nullable: false }] },
      from: { $meta: "columnLineage", value: { revenue: [{ asset: "sales/orders", column: "amount" }] } },
    },
  );
});

test("what cannot be kept is told by its place, with what was given and what to do", () => {
  class Model {
    readonly weights = [1];
  }
  const wrong: readonly (readonly [unknown, string])[] = [
    [{ auc: NaN }, "auc: it is NaN, which JSON cannot hold: give null or a text"],
    [
      { auc: [1, { x: -Infinity }] },
      "auc[1].x: it is -Infinity, which JSON cannot hold: give null or a text",
    ],
    [{ n: 1n }, "n: it is a bigint: give Number(n), or String(n) to keep it exact"],
    [{ at: new Date(NaN) }, "at: it is a Date that is no point in time"],
    [{ at: meta.timestamp(new Date(NaN)) }, "at: it is a Date that is no point in time"],
    [{ list: [1, undefined] }, "list[1]: it is undefined"],
    [{ f: () => 1 }, "f: it is a function"],
    [{ s: Symbol("s") }, "s: it is a symbol"],
    [{ m: new Map() }, "m: it is an instance of Map"],
    [{ m: new Model() }, "m: it is an instance of Model"],
    [
      {
        e: new (class {
          readonly n = 1;
        })(),
      },
      "e: it is an object of a class",
    ],
    [{ "": 1 }, ": its name is no text of 1 to 200 characters"],
    [[1], ": it is a list, and no object with values by name"],
    ["x", ": it is a string, and no object with values by name"],
    [new Date(), ": it is an instance of Date, and no object with values by name"],
  ];
  assert.deepEqual(
    wrong.map(([given]) => flawOf(given)),
    wrong.map(([, flaw]) => flaw),
  );
});

test("an object with $meta that meta could not have made is refused, at any depth", () => {
  const wrong = [
    { $meta: "link", value: "x" },
    { $meta: "url" },
    { $meta: "url", value: "https://x.example", more: 1 },
    { $meta: 3, value: 1 },
    { $meta: "constructor", value: 1 },
  ];
  for (const one of wrong) {
    const reason = "it is an object with $meta, which only meta.… makes";
    assert.equal(flawOf({ one }), `one: ${reason}`);
    assert.equal(flawOf({ deep: [{ one }] }), `deep[0].one: ${reason}`);
  }
});

test("each kind refuses what it is not", () => {
  const link = "it must be an absolute URL that neither holds a password nor runs a script";
  const untyped = meta as unknown as Readonly<Record<string, (...given: readonly unknown[]) => unknown>>;
  const given = (kind: string, ...values: readonly unknown[]) => flawOf({ x: untyped[kind]?.(...values) });
  assert.equal(given("markdown", 3), "x: meta.markdown is given a number; it must be a text");
  for (const url of ["orders", "/orders", "", "javascript:alert(1)", "data:text/html,x", 3, null])
    assert.ok(given("url", url).endsWith(link), String(url));
  assert.equal(
    given("timestamp", "yesterday"),
    "x: meta.timestamp is given a string; it must be a Date that is a point in time",
  );
  for (const kind of ["path", "run", "asset"]) assert.match(given(kind, ""), /it must be/);
  assert.match(given("asset", undefined), /it must be an asset or the key of one/);
  for (const rows of [{}, [1], [[1]], Array.from({ length: 501 }, () => ({}))])
    assert.match(given("table", rows), /it must be a list of at most 500 rows/);
  for (const columns of [
    {},
    ["id"],
    [{ name: "id" }],
    [{ name: "id", type: "int", length: 3 }],
    [{ name: "id", type: "int", nullable: 1 }],
    [
      { name: "id", type: "int" },
      { name: "id", type: "int" },
    ],
  ])
    assert.match(given("tableSchema", columns), /it must be a list of columns/);
  for (const lineage of [[], { a: "b" }, { a: ["b"] }, { a: [{ asset: "b" }] }])
    assert.match(given("columnLineage", lineage), /it must be for each column a list/);
});

test("a URL with a password in it is refused without being repeated", () => {
  const flaw = flawOf({ warehouse: meta.url("https://me:hunter2@warehouse.example/") });
  assert.match(flaw, /^warehouse: .*neither holds a password/);
  assert.doesNotMatch(flaw, /hunter2/);
});

test("a value, and all of them together, are bounded", () => {
  const { value: most, all } = metadataLimits;
  assert.equal(stored({ x: "a".repeat(most - 2) })["x"], "a".repeat(most - 2));
  const large = "x: it takes more than 32,768 characters as JSON: keep it in an asset or a file";
  assert.equal(flawOf({ x: "a".repeat(most - 1) }), large);
  assert.equal(flawOf({ x: "\n".repeat(most / 2) }), large, "escapes count");
  assert.equal(flawOf({ x: Array.from({ length: most }, () => 1) }), large);
  const half = { x: "a".repeat(all / 2 - 100) };
  const more = stored({ y: half.x }, stored(half));
  assert.match(
    flawOf({ z: "a".repeat(200) }, more),
    /^z: with it all of it takes more than 65,536 characters as JSON/,
  );
  assert.deepEqual(
    Object.keys(stored({ y: 1 }, more)),
    ["x", "y"],
    "what takes another's place counts alone",
  );
});

test("what holds itself, or the same again and again, is refused at once", () => {
  const self: unknown[] = [];
  self.push(self, self);
  assert.match(flawOf({ self }), /^self: it is nested more than 32 deep, or holds itself$/);
  let doubled: unknown = [1, 2, 3];
  for (let depth = 0; depth < 30; depth++) doubled = [doubled, doubled];
  assert.match(flawOf({ doubled }), /^doubled: it takes more than/);
});

test("a name such as __proto__ is a name like any other", () => {
  const given = JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1}') as object;
  const kept = stored(given, stored({ before: 1 }));
  assert.equal(JSON.stringify(kept), '{"before":1,"__proto__":{"polluted":true},"constructor":1}');
  assert.equal(Object.getPrototypeOf(kept), Object.prototype);
});

test("what is kept does not change with what was given", () => {
  const given = { list: [1] };
  const kept = stored(given);
  given.list.push(2);
  assert.deepEqual(kept, { list: [1] });
});
