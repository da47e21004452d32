import assert from "node:assert/strict";
import { test } from "node:test";
import * as z from "zod";
import { job } from "../job/job.ts";
import type { JobDefinition } from "../job/job-definition.ts";
import { op } from "../op/op.ts";
import { nodesAbove } from "./nodes-above.ts";

const list = op("list", { output: z.array(z.int()), run: () => [1] });
const given = op("given", { input: z.object({ n: z.any() }), output: z.any(), run: () => 1 });
const isBig = op("is_big", { output: z.boolean(), run: () => true });
const note = op("note", { run: () => undefined });

test("above a node is what it is given, waits for and is decided by, not what stands beside it", () => {
  const defined: object = job("mixed", {
    graph({ map, when }) {
      const chosen = when(
        isBig(),
        () => given({ n: 1 }, { name: "yes" }),
        () => given({ n: 2 }, { name: "no" }),
      );
      const items = map(list(), (n) => given({ n: given({ n }, { name: "inner" }) }, { name: "outer" }));
      given({ n: chosen }, { name: "after_branch" });
      given({ n: items }, { name: "after_map", after: note() });
    },
  });
  const { body } = defined as JobDefinition;
  assert.ok(body.body === "graph");
  const graph = body.graph();
  const above = (id: string): readonly string[] =>
    [...nodesAbove(graph, id)].sort((a, b) => a.localeCompare(b));
  assert.deepEqual(above("yes"), ["is_big"]);
  assert.deepEqual(above("after_branch"), ["is_big", "no", "when", "yes"]);
  assert.deepEqual(above("outer"), ["inner", "list", "map.item"]);
  assert.deepEqual(above("after_map"), ["inner", "list", "map", "map.item", "note", "outer"]);
  assert.deepEqual(above("list"), []);
});
