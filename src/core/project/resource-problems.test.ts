import assert from "node:assert/strict";
import { test } from "node:test";
import * as z from "zod";
import { asset } from "../asset/asset.ts";
import { assetCheck } from "../check/asset-check.ts";
import { DefinitionSite } from "../definition-site.ts";
import { endpoint } from "../endpoint/endpoint.ts";
import { job } from "../job/job.ts";
import { op } from "../op/op.ts";
import { resource } from "../resource/resource.ts";
import { sql } from "../sql/sql.ts";
import { defineProject, projectDefinition } from "./project.ts";
import { projectResources } from "./project-resources.ts";
import { validateProject } from "./validate-project.ts";

// Definitions as they come from a project that tsc has not seen.
const untyped = { asset, assetCheck, endpoint, op, resource } as unknown as Record<
  "asset" | "assetCheck" | "endpoint" | "op" | "resource",
  (name: unknown, options?: unknown) => object
>;
const create = (): number => 1;
const value = z.int();

function projectOf(definitions: Readonly<Record<string, object>>) {
  return projectDefinition(defineProject({ name: "test", definitions: [definitions] })) ?? assert.fail();
}
const texts = (definitions: Readonly<Record<string, object>>): string[] =>
  validateProject(projectOf(definitions)).map(({ message }) => message);
/** The line of the call. */
const line = (): number => DefinitionSite.above(line).place.line ?? 0;

test("a project knows the resources that anything works with and what those are made of, inner ones first", () => {
  const inner = resource("inner", { create });
  const outer = resource("outer", { resources: { inner }, create });
  const ofCheck = resource("of_check", { create });
  const ofEndpoint = resource("of_endpoint", { create });
  const alone = resource("alone", { create });
  const one = asset("one", { value, resources: { outer }, run: () => 1 });
  const asked = assetCheck("asked", { asset: one, resources: { ofCheck }, run: () => true });
  const api = endpoint("GET /api", { resources: { ofEndpoint }, handler: () => 1 });
  const ofOp = resource("of_op", { create });
  const work = op("work", { resources: { ofOp }, run: () => undefined });
  const nightly = job("nightly", { graph: () => void work() });
  const project = projectOf({ one, asked, api, alone, nightly });
  assert.deepEqual(validateProject(project), []);
  assert.deepEqual(
    projectResources(project).map(({ name }) => name),
    ["alone", "inner", "outer", "of_check", "of_endpoint", "of_op"],
  );
});

test("two resources of one name are refused, with the places of both", () => {
  const first = line() + 1;
  const a = resource("db", { create });
  const b = resource("db", { create });
  const one = asset("one", { value, resources: { a }, run: () => 1 });
  const two = asset("two", { value, resources: { b }, run: () => 1 });
  const [problem, ...more] = validateProject(projectOf({ one, two }));
  assert.equal(more.length, 0);
  assert.equal(problem?.code, "DUPLICATE_KEY");
  assert.match(
    problem.message,
    new RegExp(`resource db is defined twice.*resource-problems.test.ts:${first}`),
  );
  assert.deepEqual([problem.place.resource, problem.place.line], ["db", first + 1]);
});

test("a resource with the name of what is read is refused, wherever it is named", () => {
  const db = resource("db", { create });
  const read = asset("read", { value, run: () => 1 });
  assert.deepEqual(
    texts({
      read,
      made: untyped.asset("made", { value, deps: { read }, resources: { read: db }, run: create }),
      asked: untyped.assetCheck("asked", { asset: read, resources: { asset: db }, run: () => true }),
      api: untyped.endpoint("GET /api", { reads: { read }, resources: { read: db }, handler: create }),
      work: untyped.op("work", { resources: { input: db }, run: create }),
    }),
    [
      "asset made: the resource read has the name of a dependency: give one of them another one",
      "check asked: the resource asset has the name of the checked asset: give one of them another one",
      "endpoint GET /api: the resource read has the name of a dependency: give one of them another one",
      "op work: the resource input has the name of what a call gives: give one of them another one",
    ],
  );
});

test("what is no resource, or can be none there, is told", () => {
  const db = resource("db", { create });
  const ofRun = resource("of_run", { scope: "run", create });
  const made = asset("made", { value, run: () => 1 });
  assert.deepEqual(
    texts({
      made,
      one: untyped.asset("one", { value, resources: { made }, run: create }),
      two: untyped.asset("two", { value, resources: db, run: create }),
      three: untyped.asset("three", {
        columns: z.object({ n: z.int() }),
        resources: { db },
        sql: sql`select 1 as n`,
      }),
      api: endpoint("GET /api", { resources: { ofRun }, handler: () => 1 }),
    }),
    [
      "asset one: resources.made is no resource",
      "asset two: resources must be resources by the names that run uses, for instance { db: warehouse }",
      "asset three: resources are for run: sql works with none",
      "endpoint GET /api: resources.ofRun lives as long as a run: an endpoint has none",
    ],
  );
});

test("what is wrong with a resource itself is told once, with its place", () => {
  const ofRun = resource("of_run", { scope: "run", create });
  const here = line() + 1;
  const wrong = untyped.resource("wrong", {
    scope: "request",
    config: z.string(),
    resources: { nothing: undefined, other: 1 },
    retry: { max: -1 },
    affectsdata: true,
    create: "new Client()",
  });
  const bad = untyped.resource("sales/db", { resources: { ofRun }, create });
  const empty = untyped.resource("empty", {});
  const problems = validateProject(projectOf({ wrong, bad, empty }));
  assert.deepEqual(
    problems.map(({ message }) => message),
    [
      'resource wrong: scope must be "process" or "run"',
      "resource wrong: config must be z.object({ … })",
      "resource wrong: there is no option affectsdata; there are description, config, resources, scope, create, check, retry, affectsData",
      "resource wrong: create must be a function",
      "resource wrong: resources.nothing is no resource",
      "resource wrong: resources.other is no resource",
      'resource wrong: retry needs max (a whole number) and a delay such as "2s"',
      'resource sales/db: it lives as long as the process, and its resource ofRun only as long as a run; give it scope: "run"',
      '"sales/db" is no name for a resource',
      "resource empty: it needs create, a function",
    ],
  );
  assert.deepEqual([problems[0]?.place.resource, problems[0]?.place.line], ["wrong", here]);
});
