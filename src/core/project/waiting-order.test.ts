import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import type { AssetDefinition } from "../asset/asset-definition.ts";
import { waitingOrder } from "./waiting-order.ts";

// Builders cannot make a circle, since a const comes before its use; a later way to define assets might.
interface Node {
  readonly key: string;
  readonly computation: { readonly dependencies: Map<string, Node> };
  readonly dependencies: Map<string, Node>;
}
const node = (key: string): Node => {
  const dependencies = new Map<string, Node>();
  return { key, computation: { dependencies }, dependencies };
};
const link = (from: Node, to: Node): void => void from.dependencies.set(to.key, to);
const cycleOf = (nodes: readonly Node[]): string[] | undefined =>
  waitingOrder(nodes as unknown as readonly AssetDefinition[], ({ dependencies }) =>
    dependencies.values(),
  ).cycle?.map(({ key }) => key);

test("a circle is told in order of dependence, its first asset at both ends", () => {
  const [a, b, c, d] = ["a", "b", "c", "d"].map(node) as [Node, Node, Node, Node];
  link(a, b);
  link(b, c);
  link(c, d);
  link(d, b);
  assert.deepEqual(cycleOf([a, b, c, d]), ["b", "c", "d", "b"]);
});

test("an asset that depends on itself is a circle", () => {
  const a = node("a");
  link(a, a);
  assert.deepEqual(cycleOf([a]), ["a", "a"]);
});

test("two ways to one asset are no circle", () => {
  const [a, b, c, d] = ["a", "b", "c", "d"].map(node) as [Node, Node, Node, Node];
  for (const [from, to] of [
    [a, b],
    [a, c],
    [b, d],
    [c, d],
  ] as const)
    link(from, to);
  assert.equal(cycleOf([a, b, c, d]), undefined);
});

test("there is none in any graph whose edges lead backwards, and one as soon as an edge closes it", () => {
  const edges = fc.array(fc.tuple(fc.nat(19), fc.nat(19)), { maxLength: 60 });
  fc.assert(
    fc.property(edges, fc.nat(19), fc.nat(19), (pairs, x, y) => {
      const nodes = Array.from({ length: 20 }, (_, index) => node(String(index)));
      const at = (index: number): Node => nodes[index] ?? assert.fail();
      for (const [one, other] of pairs)
        if (one !== other) link(at(Math.max(one, other)), at(Math.min(one, other)));
      assert.equal(cycleOf(nodes), undefined);

      const reaches = (from: Node, to: Node): boolean =>
        from === to || [...from.dependencies.values()].some((next) => reaches(next, to));
      const [low, high] = [at(Math.min(x, y)), at(Math.max(x, y))];
      const closes = reaches(high, low);
      link(low, high);
      const found = cycleOf(nodes);
      assert.equal(found !== undefined, closes);
      found?.slice(1).forEach((key, index) => {
        assert.ok(at(Number(found[index])).dependencies.has(key), "each step of it is an edge");
      });
    }),
  );
});

test("a chain of 10,000 assets does not overflow the stack, from whichever end it is begun", () => {
  const nodes = Array.from({ length: 10_000 }, (_, index) => node(String(index)));
  nodes.forEach((each, index) => {
    const before = nodes[index - 1];
    if (before !== undefined) link(each, before);
  });
  assert.equal(cycleOf(nodes), undefined);
  assert.equal(cycleOf(nodes.toReversed()), undefined);
  link(nodes[0] ?? assert.fail(), nodes.at(-1) ?? assert.fail());
  assert.equal(cycleOf(nodes)?.length, 10_001);
});
