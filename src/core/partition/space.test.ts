import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { partitions, unpartitioned, type PartitionDefinition } from "./partitions.ts";
import { PartitionSpace } from "./space.ts";

const definition = (made: object): PartitionDefinition => made as PartitionDefinition;
const ordinalsOf = (space: PartitionSpace, now: number): number[] =>
  Array.from({ length: space.count(now) }, (_, index) => space.at(index, now) ?? assert.fail());
const at = (iso: string): number => Date.parse(iso);

test("months with an end are those from start to end, whatever the time is", () => {
  const space = new PartitionSpace(definition(partitions.monthly({ start: "2001-11", end: "2002-02" })));
  const keys = ["2001-11", "2001-12", "2002-01", "2002-02"];
  for (const now of [at("1999-01-01"), at("2024-01-01")]) {
    assert.deepEqual(
      ordinalsOf(space, now).map((ordinal) => space.keyOf(ordinal)),
      keys,
    );
  }
  assert.equal(space.ordinalOf("2001-10", 0), undefined);
  assert.equal(space.ordinalOf("2002-03", 0), undefined);
});

test("without an end there are the units that have ended, to the very millisecond", () => {
  const days = new PartitionSpace(definition(partitions.daily({ start: "2001-02-27" })));
  const last = (iso: string): string | undefined => {
    const ordinal = ordinalsOf(days, at(iso)).at(-1);
    return ordinal === undefined ? undefined : days.keyOf(ordinal);
  };
  assert.equal(last("2001-02-28T23:59:59.999Z"), "2001-02-27");
  assert.equal(last("2001-03-01T00:00:00.000Z"), "2001-02-28");
  assert.equal(last("2001-02-27T12:00:00Z"), undefined);
  assert.deepEqual(ordinalsOf(days, at("1990-01-01")), []);
  assert.equal(days.ordinalOf("2001-03-01", at("2001-03-01T23:00:00Z")), undefined);
  assert.equal(days.ordinalOf("2001-03-01", at("2001-03-02T00:00:00Z")), 11382);
});

test("a time partition knows its first instant and the first one after it; others have none", () => {
  const months = new PartitionSpace(definition(partitions.monthly({ start: "2004-01" })));
  const february = months.ordinalOf("2004-02", at("2004-06-01")) ?? -1;
  assert.deepEqual(months.windowOf(february), { start: new Date("2004-02-01"), end: new Date("2004-03-01") });
  assert.equal(new PartitionSpace(definition(partitions.static(["a"]))).windowOf(0), undefined);
});

test("ordinals and keys of a static partitioning are those that state gave, however the list is written", () => {
  const ordinals = new Map([
    ["eu", 0],
    ["us", 1],
    ["asia", 2],
  ]);
  const space = new PartitionSpace(definition(partitions.static(["asia", "eu"])), ordinals);
  assert.deepEqual(ordinalsOf(space, 0), [2, 0]);
  assert.equal(space.keyOf(2), "asia");
  assert.equal(space.keyOf(1), "us", "a key that has left the code is still called by its name");
  assert.equal(space.ordinalOf("us", 0), undefined, "but is no partition any more");
  assert.equal(space.ordinalOf("toString", 0), undefined);
});

test("every ordinal of a space is found again by its key", () => {
  const start = fc.tuple(fc.integer({ min: 0, max: 9000 }), fc.integer({ min: 1, max: 12 }));
  fc.assert(
    fc.property(start, fc.integer({ min: 0, max: 40 }), ([year, month], length) => {
      const first = `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}`;
      const lastOrdinal = year * 12 + month - 1 + length;
      const last = `${String(Math.floor(lastOrdinal / 12)).padStart(4, "0")}-${String((lastOrdinal % 12) + 1).padStart(2, "0")}`;
      const space = new PartitionSpace(definition(partitions.monthly({ start: first, end: last })));
      const ordinals = ordinalsOf(space, 0);
      assert.equal(ordinals.length, length + 1);
      for (const ordinal of ordinals) assert.equal(space.ordinalOf(space.keyOf(ordinal) ?? "", 0), ordinal);
    }),
  );
});

test("an unpartitioned asset has one partition without a name", () => {
  const space = new PartitionSpace(unpartitioned);
  assert.deepEqual(ordinalsOf(space, 0), [0]);
  assert.equal(space.keyOf(0), undefined);
  assert.equal(space.ordinalOf("0", 0), undefined);
});

test("mistakes in a partitioning are kept with it", () => {
  const problems = (made: object): readonly string[] => definition(made).problems;
  assert.deepEqual(problems(partitions.monthly({ start: "2001-1" })), [
    '"2001-1" is no month; write it like 2001-01',
  ]);
  assert.deepEqual(problems(partitions.daily({ start: "2001-01", end: "2001-02-30" })), [
    '"2001-01" is no day; write it like 2001-01-31',
    '"2001-02-30" is no day; write it like 2001-01-31',
  ]);
  assert.deepEqual(problems(partitions.monthly({ start: "2001-03", end: "2001-02" })), [
    "the end 2001-02 lies before the start 2001-03",
  ]);
  assert.deepEqual(problems(partitions.static([])), ["there must be at least one key"]);
  assert.deepEqual(problems(partitions.static(["a", "b", "a", "a"])), ["the key a is there twice"]);
  assert.deepEqual(problems(partitions.monthly({ start: "2001-01", end: "2001-01" })), []);
});
