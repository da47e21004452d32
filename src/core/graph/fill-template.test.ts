import assert from "node:assert/strict";
import { test } from "node:test";
import { absent, fillTemplate, refsOf } from "./fill-template.ts";
import type { Template } from "./graph-data.ts";

const ref = (node: string, ...path: string[]): Template => ({ template: "ref", node, path });
const value = (given: unknown): Template => ({ template: "value", value: given });
const list = (...items: Template[]): Template => ({ template: "list", items });
const record = (fields: Record<string, Template>): Template => ({ template: "record", fields });

const values = new Map<string, unknown>([
  ["page", { html: "x", links: ["a", "b"], next: undefined }],
  ["count", 3],
  ["skipped", absent],
]);
const fill = (template: Template): unknown => fillTemplate(template, (node) => values.get(node));

test("refs anywhere in a structure are replaced by what their nodes came to, or a part of it", () => {
  const template = record({
    text: ref("page", "html"),
    all: list(ref("count"), value(7), ref("page", "links", "1")),
  });
  assert.deepEqual(fill(template), { text: "x", all: [3, 7, "b"] });
  assert.deepEqual(
    refsOf(template).map(({ node }) => node),
    ["page", "count", "page"],
  );
});

test("what was skipped is left out of lists and undefined in records", () => {
  assert.deepEqual(fill(list(ref("count"), ref("skipped", "html"))), [3]);
  assert.deepEqual(fill(record({ count: ref("count"), more: ref("skipped") })), {
    count: 3,
    more: undefined,
  });
  assert.equal(fill(ref("skipped")), undefined);
});

test("a field of what is not there is not there, and nothing is inherited", () => {
  assert.equal(fill(ref("page", "next", "html")), undefined);
  assert.equal(fill(ref("page", "toString")), undefined);
  assert.equal(fill(ref("count", "toFixed")), undefined);
});
