import assert from "node:assert/strict";
import { test } from "node:test";
import { MillraceError } from "../core/errors.ts";
import { csvOf, wireValue } from "./wire-value.ts";

test("values look on the wire as the engine writes them", () => {
  const value = {
    at: new Date("2001-01-01T00:05:00Z"),
    big: 2n ** 63n,
    bytes: Uint8Array.of(0, 255),
    absent: undefined,
    list: [null, true],
  };
  assert.deepEqual(wireValue(value), {
    at: "2001-01-01T00:05:00.000Z",
    big: "9223372036854775808",
    bytes: "AP8=",
    list: [null, true],
  });
});

test("what JSON cannot hold is refused by its place", () => {
  const circle: Record<string, unknown> = {};
  circle["self"] = circle;
  const refused: [unknown, RegExp][] = [
    [{ rows: [{ mean: Number.NaN }] }, /\/rows\/0\/mean, NaN/],
    [[Infinity], /\/0, Infinity/],
    [{ a: new Map() }, /\/a, a Map/],
    [[undefined], /\/0, nothing/],
    [{ f: () => 1 }, /\/f, a function/],
    [{ at: new Date(Number.NaN) }, /\/at, it is no valid date/],
    [undefined, /at \/, nothing/],
    [circle, /nested too deeply/],
  ];
  for (const [value, reason] of refused) {
    assert.throws(
      () => wireValue(value),
      (error: unknown) =>
        error instanceof MillraceError && error.code === "RESPONSE_INVALID" && reason.test(error.message),
      String(reason),
    );
  }
});

test("CSV quotes what needs it, and tells nothing from empty", () => {
  const rows = [
    { a: 'x "y", z', b: null, c: "" },
    { a: "line\nbreak", b: [1, "2"], c: 1.5 },
  ];
  assert.equal(
    csvOf(["a", "b", "c"], rows),
    'a,b,c\r\n"x ""y"", z",,""\r\n"line\nbreak","[1,""2""]",1.5\r\n',
  );
});

test("a member is kept whatever its name", () => {
  const value: unknown = JSON.parse('{"__proto__": {"a": 1}, "constructor": 2}');
  assert.equal(JSON.stringify(wireValue(value)), '{"__proto__":{"a":1},"constructor":2}');
});
