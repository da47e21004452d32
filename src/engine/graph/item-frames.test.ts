import assert from "node:assert/strict";
import { test } from "node:test";
import { MillraceError } from "../../core/errors.ts";
import type { MapNode } from "../../core/graph/graph-data.ts";
import { itemFrames } from "./item-frames.ts";

const value = { template: "value", value: undefined } as const;
const map = (key?: MapNode["key"]): MapNode => ({
  node: "map",
  id: "airports",
  after: [],
  list: value,
  body: { nodes: [], output: value },
  ...(key === undefined ? {} : { key }),
});
const keysOf = (node: MapNode, list: unknown): readonly string[] =>
  itemFrames(node, "airports", list, []).map((frames) => frames.map(({ key }) => key).join("/"));
const refusal = (node: MapNode, list: unknown): string => {
  try {
    itemFrames(node, "airports", list, []);
  } catch (error) {
    if (error instanceof MillraceError) return `${error.code}: ${error.message}`;
  }
  return assert.fail("nothing was refused");
};

test("items are named by their place, or by what the author says", () => {
  assert.deepEqual(keysOf(map(), ["SFO", "LAX"]), ["0", "1"]);
  assert.deepEqual(
    keysOf(
      map((item) => item),
      ["SFO", "LAX"],
    ),
    ["SFO", "LAX"],
  );
  assert.deepEqual(keysOf(map(), []), []);
});

test("what is no list is refused, with what it is", () => {
  const others: readonly (readonly [unknown, string])[] = [
    [undefined, "undefined"],
    [null, "null"],
    [{ length: 2 }, "an object"],
    [2, "a number"],
  ];
  for (const [list, found] of others)
    assert.match(refusal(map(), list), new RegExp(`^MAP_NOT_A_LIST: .*airports.* ${found}`));
});

test("a name that is none, or that two items have, is refused with its place", () => {
  assert.match(
    refusal(
      map(() => "same"),
      [1, 2],
    ),
    /^MAP_KEY_REPEATED: .*same.*0.*1/,
  );
  assert.match(
    refusal(
      map(() => undefined),
      [1],
    ),
    /^MAP_KEY_INVALID: .*0.*undefined/,
  );
  assert.match(
    refusal(
      map(() => ""),
      [1],
    ),
    /^MAP_KEY_INVALID: .*empty/,
  );
  assert.match(
    refusal(
      map(() => "a[0]"),
      [1],
    ),
    /^MAP_KEY_INVALID: .*bracket/,
  );
  assert.match(
    refusal(
      map(() => "x".repeat(201)),
      [1],
    ),
    /^MAP_KEY_INVALID: .*201/,
  );
  const broken = (): never => {
    throw new Error("no code");
  };
  assert.match(refusal(map(broken), [1]), /^MAP_KEY_INVALID: .*no code/);
});
