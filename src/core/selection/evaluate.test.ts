import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import * as z from "zod";
import type { AssetDefinition } from "../asset/asset-definition.ts";
import type { AnyAsset } from "../asset/asset-types.ts";
import { asset } from "../asset/asset.ts";
import type { EndpointDefinition } from "../endpoint/endpoint-definition.ts";
import { endpoint } from "../endpoint/endpoint.ts";
import { MillraceError } from "../errors.ts";
import { unreachable } from "../unreachable.ts";
import { ProjectGraph } from "../project/project-graph.ts";
import type { SelectionNode } from "./attributes.ts";
import { parseSelection } from "./parse-selection.ts";
import { printSelection } from "./print-selection.ts";
import { evaluateSelection, select } from "./select.ts";
import type { Levels, Selection } from "./selection-tree.ts";

const size = 10;

/** Assets a0 … a9, each reading some of those before it, and endpoints e0 … e2 over them. */
function graphOf(edges: readonly (readonly [number, number])[]): ProjectGraph {
  const assets: AssetDefinition[] = [];
  for (let index = 0; index < size; index += 1) {
    const deps = Object.fromEntries(
      edges
        .filter(([from, to]) => from === index && to < index)
        .map(([, to]) => [`d${to}`, assets[to] as unknown as AnyAsset]),
    );
    const group = index % 2 === 0 ? "even" : "odd";
    const made = asset(`a${index}`, { value: z.number(), group, deps, run: () => 1 });
    assets.push(made as unknown as AssetDefinition);
  }
  const endpoints = [0, 1, 2].map((index) => {
    const reads = Object.fromEntries(
      edges
        .filter(([from]) => from % 3 === index)
        .map(([, to]) => [`r${to}`, assets[to] as unknown as AnyAsset]),
    );
    const made = endpoint(`GET /e${index}`, { reads, returns: z.object({}), handler: () => ({}) });
    return made as unknown as EndpointDefinition;
  });
  return new ProjectGraph({ assets, endpoints });
}

/** By the words of the documentation, as plainly as can be: sets of names, one level at a time. */
function naively(tree: Selection, graph: ProjectGraph): ReadonlySet<string> {
  const name = (node: SelectionNode): string => ("route" in node ? node.route : node.key);
  const nodes: readonly SelectionNode[] = [...graph.order, ...graph.endpoints];
  const reads = new Map(
    nodes.map((node) => [
      name(node),
      new Set([...("route" in node ? node.reads : node.dependencies).values()].map(name)),
    ]),
  );
  const levelsFrom = (from: ReadonlySet<string>, levels: Levels, up: boolean): ReadonlySet<string> => {
    let reached = new Set(from);
    for (
      let level = 0;
      level < (levels === "all" ? nodes.length : Math.min(levels, nodes.length));
      level += 1
    ) {
      const next = [...reads].flatMap(([reader, read]) =>
        [...read].flatMap((one) => {
          const [here, there] = up ? [reader, one] : [one, reader];
          return reached.has(here) ? [there] : [];
        }),
      );
      reached = new Set([...reached, ...next]);
    }
    return reached;
  };
  const of = (part: Selection): ReadonlySet<string> => {
    switch (part.op) {
      case "match": {
        const wanted = new RegExp(`^${part.pattern.join(".*")}$`);
        const fits = (node: SelectionNode): boolean => {
          if (part.attribute === "endpoint") return "route" in node && wanted.test(node.route);
          if ("route" in node) return false;
          return wanted.test(part.attribute === "group" ? (node.group ?? "") : node.key);
        };
        return new Set(nodes.filter(fits).map(name));
      }
      case "or":
        return new Set(part.of.flatMap((one) => [...of(one)]));
      case "and":
        return new Set(nodes.map(name).filter((one) => part.of.every((other) => of(other).has(one))));
      case "not":
        return new Set(nodes.map(name).filter((one) => !of(part.of).has(one)));
      case "reach": {
        const from = of(part.of);
        const above = part.up === undefined ? [] : levelsFrom(from, part.up, true);
        const below = part.down === undefined ? [] : levelsFrom(from, part.down, false);
        return new Set([...from, ...above, ...below]);
      }
      case "sinks":
      case "roots": {
        const set = of(part.of);
        const assetReads = [...reads].filter(([reader]) => !reader.startsWith("GET"));
        const isEdge = (one: string): boolean =>
          part.op === "roots"
            ? ![...(reads.get(one) ?? [])].some((read) => set.has(read))
            : !assetReads.some(([reader, read]) => set.has(reader) && read.has(one));
        return new Set([...set].filter(isEdge));
      }
      default:
        return unreachable(part);
    }
  };
  return of(tree);
}

const match: fc.Arbitrary<Selection> = fc.oneof(
  fc.nat(size - 1).map((n): Selection => ({ op: "match", attribute: "key", pattern: [`a${n}`], at: 0 })),
  fc.constantFrom<Selection>(
    { op: "match", attribute: "key", pattern: ["a", ""], at: 0 },
    { op: "match", attribute: "group", pattern: ["even"], at: 0 },
    { op: "match", attribute: "group", pattern: ["o", "d"], at: 0 },
    { op: "match", attribute: "endpoint", pattern: ["GET /e1"], at: 0 },
    { op: "match", attribute: "endpoint", pattern: ["", "e", ""], at: 0 },
  ),
);
const levels: fc.Arbitrary<Levels> = fc.oneof(fc.constant("all" as const), fc.nat(4));
const { tree: trees } = fc.letrec<{ tree: Selection }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    match,
    fc.record({
      op: fc.constantFrom("or" as const, "and" as const),
      of: fc.array(tie("tree"), { minLength: 2, maxLength: 4 }),
    }),
    tie("tree").map((of): Selection => ({ op: "not", of })),
    tie("tree").chain((of) => levels.map((up): Selection => ({ op: "reach", up, of }))),
    tie("tree").chain((of) => levels.map((down): Selection => ({ op: "reach", down, of }))),
    tie("tree").chain((of) => levels.map((up): Selection => ({ op: "reach", up, down: 1, of }))),
    fc.record({ op: fc.constantFrom("sinks" as const, "roots" as const), of: tie("tree") }),
  ),
}));

test("on any graph any selection chooses what its words say", () => {
  const edges = fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: 25 });
  fc.assert(
    fc.property(edges, trees, (pairs, tree) => {
      const graph = graphOf(pairs);
      const text = printSelection(tree);
      const expected = naively(tree, graph);
      try {
        const { assets, endpoints } = evaluateSelection(parseSelection(text), graph, {});
        const found = [...assets.map(({ key }) => key), ...endpoints.map(({ route }) => route)];
        assert.deepEqual(found.toSorted(), [...expected].toSorted(), text);
      } catch (error) {
        if (!(error instanceof MillraceError)) throw error;
        assert.deepEqual([error.code, expected.size], ["SELECTION_EMPTY", 0], text);
      }
    }),
    { numRuns: 500 },
  );
});

test("the longest selections over ten thousand assets are done in seconds", () => {
  const made: AnyAsset[] = [];
  for (let index = 0; index < 10_000; index += 1) {
    const before = made[index - 1];
    const deps = before === undefined ? {} : { before };
    made.push(asset(`folder/asset_${index}`, { value: z.number(), deps, run: () => 1 }) as AnyAsset);
  }
  const graph = new ProjectGraph({ assets: made as unknown as AssetDefinition[] });
  const of = (terms: number, term: (index: number) => string): number => {
    const text = Array.from({ length: terms }, (_, index) => term(index)).join(" ");
    const started = performance.now();
    assert.ok(select(text.slice(0, text.lastIndexOf(" ", 65_000)), graph).length > 0);
    return performance.now() - started;
  };
  const milliseconds = {
    patterns: of(1_000, (index) => `*s*e*_${index}`),
    upstream: of(1_000, (index) => `+*_${index}`),
    keys: of(5_000, (index) => `folder/asset_${index}`),
  };
  for (const [what, taken] of Object.entries(milliseconds)) assert.ok(taken < 5_000, `${what}: ${taken} ms`);
});
