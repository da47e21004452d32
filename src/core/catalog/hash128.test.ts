import assert from "node:assert/strict";
import { test } from "node:test";
import { hash128 } from "./hash128.ts";

test("the hash is the same for ever, since it is kept in state", () => {
  // Of MurmurHash3_x86_128, checked with its published verification value (b3ece62a).
  assert.deepEqual(hash128(""), [0, 0, 0, 0]);
  assert.deepEqual(hash128("daily_delays"), [3116619421, 3730302271, 304891765, 1622215179]);
  assert.deepEqual(hash128("0::17:sha256:0123456789abcdef"), [3115298418, 1703258467, 2528653698, 844048285]);
});

test("texts that differ in one character differ in about half of the bits", () => {
  const bits = (text: string) =>
    hash128(text)
      .map((lane) => lane.toString(2).padStart(32, "0"))
      .join("");
  for (const [a, b] of [
    ["0::17:data", "0::18:data"],
    ["0::17:data", "0::17:dato"],
    ["0::17:data, and so on", "0::17:data, and so on "],
  ] as const) {
    const other = bits(b);
    const different = bits(a)
      .split("")
      .filter((bit, index) => bit !== other[index]).length;
    assert.ok(different > 40 && different < 88, `${different} of 128`);
  }
});

test("neighbouring ordinals never meet, in any lane pair", () => {
  const hashes = Array.from({ length: 100_000 }, (_, ordinal) => hash128(`0::${ordinal}:data`));
  for (const [one, two] of [
    [0, 1],
    [2, 3],
  ] as const) {
    assert.equal(new Set(hashes.map((hash) => `${hash[one]} ${hash[two]}`)).size, hashes.length);
  }
});
