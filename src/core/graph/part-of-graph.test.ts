import assert from "node:assert/strict";
import { suite, test } from "node:test";
import * as z from "zod";
import { job } from "../job/job.ts";
import type { JobDefinition } from "../job/job-definition.ts";
import { op } from "../op/op.ts";
import type { JobGraph } from "./graph-data.ts";
import { nodesOf } from "./graph-nodes.ts";
import { graph } from "./graph.ts";
import { namesInGraph, partOfGraph } from "./part-of-graph.ts";

const n = z.object({ n: z.int() });
const list = op("list", { output: z.array(z.int()), run: () => [1] });
const double = op("double", { input: n, output: z.int(), run: ({ input }) => 2 * input.n });
const isBig = op("is_big", { input: n, output: z.boolean(), run: ({ input }) => input.n > 1 });
const sum = op("sum", { input: z.object({ parts: z.array(z.int()) }), output: z.int(), run: () => 1 });
const note = op("note", { run: () => undefined });

function graphOf(defined: object): JobGraph {
  const { body } = defined as JobDefinition;
  assert.ok(body.body === "graph");
  return body.graph();
}

/** What stays, given ones in brackets. */
function part(whole: JobGraph, ...names: readonly string[]): readonly string[] {
  const known = namesInGraph(whole);
  const steps = new Set(names.flatMap((name) => [...(known.get(name) ?? [])]));
  const { graph: cut, given } = partOfGraph(whole, steps);
  return [...nodesOf(cut)].map(({ id }) => (given.has(id) ? `(${id})` : id));
}

const twice = graph("twice", {
  input: n,
  graph: ({ input }) => double({ n: double({ n: input.n }) }),
});

suite("a part of a graph", () => {
  test("has the steps that are named and, of those before them, only what they are given directly", () => {
    const whole = graphOf(
      job("chain", {
        graph() {
          const first = double({ n: 1 }, { name: "first" });
          const second = double({ n: first }, { name: "second" });
          const third = double({ n: second }, { name: "third", after: note() });
          return double({ n: third }, { name: "fourth" });
        },
      }),
    );
    assert.deepEqual(part(whole, "third"), ["(second)", "third"]);
    assert.deepEqual(part(whole, "first"), ["first"]);
    assert.deepEqual(part(whole, "second", "third"), ["(first)", "second", "third"]);
    assert.deepEqual(part(whole, "note", "third"), ["(second)", "note", "third"]);
  });

  test("keeps the lists that its items come from, and what a value is put together from", () => {
    const whole = graphOf(
      job("mapping", {
        graph: ({ map }) => {
          const parts = map(list(), (item) => double({ n: double({ n: item }) }), { name: "each" });
          return sum({ parts });
        },
      }),
    );
    assert.deepEqual(part(whole, "sum"), ["(list)", "each", "(double_2)", "sum"]);
    assert.deepEqual(part(whole, "double"), ["(list)", "each", "double"]);
    assert.deepEqual(part(whole, "each"), ["(list)", "each", "double", "double_2"]);
    assert.deepEqual(part(whole, "list"), ["list"]);
  });

  test("keeps the decisions about it, and all that a branch may give to it", () => {
    const whole = graphOf(
      job("branching", {
        graph: ({ when, orElse }) => {
          const chosen = when(isBig({ n: 3 }), () =>
            double({ n: double({ n: 2 }, { name: "before" }) }, { name: "yes" }),
          );
          return double({ n: orElse(chosen, 1) }, { name: "last" });
        },
      }),
    );
    assert.deepEqual(part(whole, "yes"), ["(is_big)", "when", "(before)", "yes"]);
    const above = part(whole, "last");
    assert.deepEqual([above[0], above[1], above.at(-1)], ["(is_big)", "when", "last"]);
    assert.ok(above.includes("(yes)") && !above.includes("(before)"), above.join());
  });

  test("is named by the graphs and the maps that its steps stand in, too", () => {
    const whole = graphOf(
      job("nested", {
        graph: ({ map }) => {
          twice({ n: 1 });
          return map(list(), (item) => twice({ n: item }));
        },
      }),
    );
    const names = namesInGraph(whole);
    assert.deepEqual([...(names.get("twice") ?? [])], ["twice.double", "twice.double_2"]);
    assert.deepEqual([...(names.get("map") ?? [])], [...(names.get("twice_2") ?? [])]);
    assert.equal(names.get("nothing"), undefined);
  });

  test("loses nothing where every step is named", () => {
    const whole = graphOf(
      job("all", {
        graph: ({ map, when }) => {
          const items = map(list(), (item) => when(isBig({ n: item }), () => twice({ n: item })));
          return sum({ parts: items as never }, { after: note() });
        },
      }),
    );
    const { graph: cut, given } = partOfGraph(
      whole,
      new Set([...namesInGraph(whole).values()].flatMap((x) => [...x])),
    );
    assert.deepEqual([...given], []);
    assert.deepEqual(cut.nodes, whole.nodes);
  });
});
