import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { kindOfValue, plainValue } from "./plain-value.ts";

suite("a value told to people", () => {
  test("is JSON in which what JSON lacks is told as text", () => {
    const value = {
      at: new Date(0),
      never: new Date(Number.NaN),
      big: 12n,
      ratio: Number.NaN,
      bytes: new Uint8Array(3),
      tags: new Set(["a", 1n]),
      sizes: new Map([["a", { n: 1n }]]),
      pairs: new Map([[1, "x"]]),
      list: [undefined, null],
      nothing: undefined,
      bare: Object.assign(Object.create(null) as object, { a: 1 }),
    };
    assert.deepEqual(JSON.parse(JSON.stringify(plainValue(value))), {
      at: "1970-01-01T00:00:00.000Z",
      never: "no date",
      big: "12n",
      ratio: "NaN",
      bytes: "(3 bytes)",
      tags: ["a", "1n"],
      sizes: { a: { n: "1n" } },
      pairs: [[1, "x"]],
      list: [null, null],
      bare: { a: 1 },
    });
  });

  test("has a kind", () => {
    const values = [
      null,
      undefined,
      [1, 2],
      new Date(0),
      new Map(),
      new Set([1]),
      { a: 1 },
      "x",
      1,
      1n,
      true,
    ];
    assert.deepEqual(values.map(kindOfValue), [
      "null",
      "nothing",
      "list of 2",
      "date",
      "map of 0",
      "set of 1",
      "record",
      "text",
      "number",
      "bigint",
      "boolean",
    ]);
    assert.equal(kindOfValue(new Uint8Array(2)), "bytes");
  });
});
