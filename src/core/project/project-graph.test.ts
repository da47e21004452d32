import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import * as z from "zod";
import type { AssetDefinition } from "../asset/asset-definition.ts";
import type { AnyAsset } from "../asset/asset-types.ts";
import { asset } from "../asset/asset.ts";
import { noResources } from "../resource/resource-definition.ts";
import { ProjectGraph } from "./project-graph.ts";

const N = z.number();
const make = (key: string, deps: Readonly<Record<string, AnyAsset>> = {}): AssetDefinition & AnyAsset =>
  asset(key, { value: N, deps, run: () => 1 }) as unknown as AssetDefinition & AnyAsset;
const keys = (assets: readonly AssetDefinition[]): string[] => assets.map(({ key }) => key);

/** Assets 0…n-1; each depends on some before it. */
function build(count: number, edges: readonly (readonly [number, number])[]): (AssetDefinition & AnyAsset)[] {
  const made: (AssetDefinition & AnyAsset)[] = [];
  for (let index = 0; index < count; index += 1) {
    const upstream = edges.filter(([from, to]) => from === index && to < index).map(([, to]) => to);
    made.push(
      make(`a${index}`, Object.fromEntries(upstream.map((to) => [`d${to}`, made[to] ?? assert.fail()]))),
    );
  }
  return made;
}

test("assets that do not depend on each other stay in the order of their definition", () => {
  const [a, b, c] = [make("a"), make("b"), make("c")];
  assert.deepEqual(keys(new ProjectGraph({ assets: [c, a, b] }).order), ["c", "a", "b"]);
});

test("what an asset depends on comes before it, in the order in which it names them", () => {
  const [a, b] = [make("a"), make("b")];
  const top = make("top", { a, b });
  assert.deepEqual(keys(new ProjectGraph({ assets: [top, b, a] }).order), ["a", "b", "top"]);
});

test("in any project upstream comes before downstream, each asset once, and both directions agree", () => {
  const edges = fc.array(fc.tuple(fc.nat(14), fc.nat(14)), { maxLength: 40 });
  fc.assert(
    fc.property(edges, fc.shuffledSubarray([...Array(15).keys()], { minLength: 15 }), (pairs, order) => {
      const made = build(15, pairs);
      const graph = new ProjectGraph({ assets: order.map((index) => made[index] ?? assert.fail()) });
      assert.deepEqual(keys(graph.order).toSorted(), keys(made).toSorted());
      const position = new Map(graph.order.map((each, index) => [each, index]));
      for (const each of made) {
        for (const upstream of graph.upstreamOf(each)) {
          assert.ok((position.get(upstream) ?? Infinity) < (position.get(each) ?? -1));
          assert.ok(graph.downstreamOf(upstream).includes(each));
        }
        for (const downstream of graph.downstreamOf(each))
          assert.ok(graph.upstreamOf(downstream).includes(each));
      }
    }),
  );
});

test("an asset that is read under two names is one neighbour", () => {
  const a = make("a");
  const twice = make("twice", { a, again: a });
  const graph = new ProjectGraph({ assets: [a, twice] });
  assert.deepEqual(keys(graph.upstreamOf(twice)), ["a"]);
  assert.deepEqual(keys(graph.downstreamOf(a)), ["twice"]);
  assert.deepEqual(graph.downstreamOf(twice), []);
});

test("an asset is found by its key", () => {
  const a = make("sales/a");
  assert.equal(new ProjectGraph({ assets: [a] }).byKey.get("sales/a"), a);
});

test("a chain of 10,000 assets does not overflow the stack, also when its end is defined first", () => {
  let before = make("c0");
  const long = [before];
  for (let index = 1; index < 10_000; index += 1) long.push((before = make(`c${index}`, { before })));
  assert.deepEqual(new ProjectGraph({ assets: long.toReversed() }).order, long);
});

test("what an asset's checks read goes before it, and is not its upstream", () => {
  const [a, b, c] = ["a", "b", "c"].map(
    (key) => asset(key, { value: z.int(), run: () => 1 }) as unknown as AssetDefinition,
  );
  assert.ok(a !== undefined && b !== undefined && c !== undefined);
  const rule = {
    rule: "run",
    dependencies: new Map([["c", c]]),
    resources: noResources,
    run: () => true,
  } as const;
  const check = {
    name: "same as c",
    scope: "partition",
    blocking: true,
    severity: "error",
    timeoutMs: 1,
    rule,
  } as const;
  const checks = new Map([[a, [check]]]);
  const graph = new ProjectGraph({ assets: [a, b, c], checks });
  assert.deepEqual(keys(graph.order), ["c", "a", "b"]);
  assert.deepEqual(keys(graph.waitsFor(a.computation)), ["c"]);
  assert.deepEqual(graph.upstreamOf(a), []);
});
