import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import * as z from "zod";
import type { AssetDefinition } from "../asset/asset-definition.ts";
import { asset } from "../asset/asset.ts";
import type { EndpointDefinition } from "../endpoint/endpoint-definition.ts";
import { endpoint } from "../endpoint/endpoint.ts";
import { ProjectGraph } from "../project/project-graph.ts";
import { completeSelection } from "./complete-selection.ts";
import { select } from "./select.ts";

const orders = asset("sales/orders", {
  columns: z.object({ day: z.iso.date() }),
  tags: { tier: "gold", "cost center": "a b" },
  group: "sales",
  run: () => [],
});
const revenue = asset("sales/revenue", { value: z.number(), tags: { tier: "silver" }, run: () => 1 });
const model = asset("model", { file: "text/plain", owners: ["team:data"], run: () => "" });
const health = endpoint("GET /health", { returns: z.object({}), handler: () => ({}) });
const graph = new ProjectGraph({
  assets: [orders, revenue, model] as unknown as AssetDefinition[],
  endpoints: [health] as unknown as EndpointDefinition[],
});

/** `|` is the cursor; what comes back is the text with each candidate taken. */
const completed = (written: string): readonly string[] => {
  const cursor = written.indexOf("|");
  const text = written.replace("|", "");
  const { from, to, candidates } = completeSelection(text, cursor, graph);
  return candidates.map((candidate) => text.slice(0, from) + candidate.text + text.slice(to));
};

test("what begins with what is written comes first, what contains it after that", () => {
  assert.deepEqual(completed("ord|"), ["sales/orders"]);
  const expected = ["owner:", "sales/orders", "model", "group:", "column:", "endpoint:", "roots(", "not"];
  assert.deepEqual(completed("o|"), expected);
  assert.deepEqual(completed("+sales/r|+2"), ["+sales/revenue+2"]);
  assert.deepEqual(completed("1+(mod| or x)"), ["1+(model or x)"]);
});

test("after the colon come the values that there are, in quotes where they need them", () => {
  assert.deepEqual(completed("kind:|"), ["kind:table", "kind:value", "kind:file"]);
  assert.deepEqual(completed("group:s|"), ["group:sales"]);
  assert.deepEqual(completed("owner:da|"), ["owner:team:data"]);
  assert.deepEqual(completed("tag:|"), ["tag:tier", 'tag:"cost center"']);
  assert.deepEqual(completed('tag:"cost|'), ['tag:"cost center"']);
  assert.deepEqual(completed("tag:tier=|"), ["tag:tier=gold", "tag:tier=silver"]);
  assert.deepEqual(completed('tag:"cost center"=|'), ['tag:"cost center"="a b"']);
  assert.deepEqual(completed("a endpoint:|"), ['a endpoint:"GET /health"']);
  assert.deepEqual(completed("status:up|"), ["status:upstream_stale"]);
  assert.deepEqual(completed("colour:|"), []);
});

test("an operator is offered after a term only", () => {
  const operators = (text: string): readonly string[] =>
    completeSelection(text, text.length, graph)
      .candidates.filter((candidate) => candidate.is === "operator")
      .map((candidate) => candidate.text);
  assert.deepEqual(operators("model "), ["and", "or", "not"]);
  assert.deepEqual(operators("(model) "), ["and", "or", "not"]);
  assert.deepEqual(operators("model and "), ["not"]);
  assert.deepEqual(operators(""), ["not"]);
});

test("whatever is written and wherever the cursor is, there is an answer inside the text", () => {
  const bits = fc.constantFrom("tag:", "tier", "=", '"', "\\", "(", "+", " ", "model", "and", ",", "*", "🙂");
  fc.assert(
    fc.property(fc.array(bits, { maxLength: 12 }), fc.integer({ min: -2, max: 60 }), (parts, cursor) => {
      const text = parts.join("");
      const { from, to } = completeSelection(text, cursor, graph);
      assert.ok(from >= 0 && from <= to && to <= text.length);
    }),
  );
});

test("every key and value that is offered selects something", () => {
  for (const attribute of ["key", "group", "tag", "owner", "kind", "column", "endpoint"]) {
    for (const text of completed(`${attribute}:|`)) {
      assert.ok(select(`${text} or model`, graph).length > 0, text);
    }
  }
});
