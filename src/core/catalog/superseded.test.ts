import assert from "node:assert/strict";
import { test } from "node:test";
import { supersedingInputs } from "./superseded.ts";
import type { VersionInput } from "./version.ts";

const read = (asset: string, snapshot: number, dataVersion: string): VersionInput => ({
  asset,
  snapshot,
  dataVersion,
});

test("a version is superseded by one that read newer, other data of an input they share (N15)", () => {
  const newer = read("orders", 7, "d2");
  assert.deepEqual(supersedingInputs([read("orders", 5, "d1")], [newer]), [newer]);
});

test("it is not by one that found the same data, or read at the same or an older snapshot (N15)", () => {
  const own = [read("orders", 5, "d1")];
  assert.deepEqual(supersedingInputs(own, [read("orders", 7, "d1")]), []);
  assert.deepEqual(supersedingInputs(own, [read("orders", 5, "d2")]), []);
  assert.deepEqual(supersedingInputs(own, [read("orders", 3, "d2")]), []);
});

test("inputs that only one of the two has say nothing about age (N15)", () => {
  assert.deepEqual(supersedingInputs([read("orders", 5, "d1")], [read("rates", 7, "x")]), []);
  assert.deepEqual(supersedingInputs([], [read("rates", 7, "x")]), []);
  assert.deepEqual(supersedingInputs([read("orders", 5, "d1")], []), []);
});

test("one newer input is enough (N15)", () => {
  const newer = read("b", 6, "2");
  assert.deepEqual(supersedingInputs([read("a", 5, "1"), read("b", 5, "1")], [read("a", 5, "1"), newer]), [
    newer,
  ]);
});
