import assert from "node:assert/strict";
import { test } from "node:test";
import * as z from "zod";
import { givenFlaw } from "./given-flaw.ts";
import type { Template } from "./graph-data.ts";

const Input = z.object({ page: z.int().max(10), size: z.int().default(3), title: z.string().optional() });
const value = (of: unknown): Template => ({ template: "value", value: of });
const ref: Template = { template: "ref", node: "a", path: [] };
const record = (fields: Readonly<Record<string, Template>>): Template => ({ template: "record", fields });

test("values that fit, and refs of whatever, have no flaw", () => {
  for (const given of [value({ page: 1 }), record({ page: ref, title: value("x") }), ref]) {
    assert.equal(givenFlaw(Input, given), undefined);
  }
});

test("what is missing and what does not fit is told by field, each, also beside refs", () => {
  assert.equal(
    givenFlaw(Input, record({ title: ref, size: value("3") })),
    "page: Invalid input: expected number, received undefined; size: Invalid input: expected number, received string",
  );
  assert.equal(givenFlaw(Input, value({ page: 11 })), "page: Too big: expected number to be <=10");
  assert.equal(givenFlaw(Input, value(undefined)), "Invalid input: expected object, received undefined");
  const deep = z.object({ parts: z.array(z.object({ html: z.string() })) });
  assert.match(givenFlaw(deep, value({ parts: [{ html: 1 }] })) ?? "", /^parts\.0\.html: /);
});

test("a schema that takes time to tell, or throws, is left to the step", () => {
  const later = z.object({ page: z.int().refine(() => Promise.resolve(false)) });
  const broken = z.object({ page: z.int().refine(() => assert.fail("broken")) });
  assert.equal(givenFlaw(later, value({ page: 1 })), undefined);
  assert.equal(givenFlaw(broken, value({ page: 1 })), undefined);
});
