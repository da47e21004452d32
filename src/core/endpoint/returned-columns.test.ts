import assert from "node:assert/strict";
import { test } from "node:test";
import * as z from "zod";
import { defineProject, projectDefinition } from "../project/project.ts";
import { validateProject } from "../project/validate-project.ts";
import { endpoint } from "./endpoint.ts";

/** What a project whose endpoint returns this is refused for. */
function refusals(returns: z.ZodType): readonly string[] {
  const at = endpoint("GET /x", { returns, handler: () => 1 });
  const project = projectDefinition(defineProject({ name: "test", definitions: [{ at }] })) ?? assert.fail();
  return validateProject(project).map(({ code, message, place }) => {
    assert.equal(code, "ENDPOINT_RETURNS_UNSUPPORTED");
    assert.deepEqual([place.endpoint, place.file], ["GET /x", import.meta.filename]);
    return message.replace("What the endpoint GET /x returns has no form on the wire: ", "");
  });
}

const Row = z.object({ n: z.int().max(5), at: z.date().nullable(), ids: z.array(z.uuid()) });

test("an endpoint may return whatever the wire format has", () => {
  const nested = z.object({ rows: z.array(Row), total: z.bigint() });
  for (const returns of [Row, z.array(Row), z.array(Row).readonly(), nested, Row.nullable()]) {
    assert.deepEqual(refusals(returns), []);
  }
  for (const returns of [z.string(), z.array(z.int()), z.enum(["a", "b"]), z.object({})]) {
    assert.deepEqual(refusals(returns), []);
  }
});

test("what it has not is a mistake of the project, and each of them is named (N30)", () => {
  const twice = z.object({ n: z.int().transform(String), m: z.map(z.string(), z.int()) });
  assert.deepEqual(refusals(z.array(twice)), ["n is a transform or pipe", "m is z.map()"]);
  const deep = z.object({ deep: z.object({ n: z.int().refine((n) => n > 1) }) });
  assert.deepEqual(refusals(deep), ["deep.n has the rule refine"]);
  assert.deepEqual(refusals(z.record(z.string(), z.int())), ["answer is z.record()"]);
});

test("a rule of the list itself would hold for computed lists only, so it is none", () => {
  assert.deepEqual(refusals(z.array(Row).max(10)), [
    "the list has the rule max_length, which nothing checks on SQL",
  ]);
});
