import assert from "node:assert/strict";
import { test } from "node:test";
import * as z from "zod";
import { asset } from "../asset/asset.ts";
import { assetCheck } from "../check/asset-check.ts";
import { check } from "../check/check.ts";
import { endpoint } from "../endpoint/endpoint.ts";
import { sql } from "../sql/sql.ts";
import { defineProject, projectDefinition, type ProjectDefinition } from "./project.ts";

const a = asset("a", { columns: z.object({ n: z.int() }), sql: sql`select 1`, checks: [check.notNull("n")] });
const b = asset("b", { value: z.number(), deps: { a }, run: () => 1 });
const one = endpoint("GET /one", { handler: () => 1 });
const two = endpoint("GET /two", { handler: () => 2, name: "second" });
const positive = assetCheck("positive", { asset: b, run: () => true });

const put = (...definitions: readonly object[]): ProjectDefinition =>
  projectDefinition(defineProject({ name: "test", definitions })) ?? assert.fail("it is no project");
const names = (project: ProjectDefinition): (string | undefined)[] =>
  project.endpoints.map(({ name }) => name);

test("a project holds what its modules export, and passes over everything else", () => {
  const project = put(
    { a, b, N: z.object({ n: z.int() }), limit: 3, nothing: null, say: () => 1 },
    { one, positive },
  );
  assert.deepEqual(
    project.assets.map(({ key }) => key),
    ["a", "b"],
  );
  assert.deepEqual(
    project.endpoints.map(({ route }) => route),
    ["GET /one"],
  );
  assert.deepEqual(
    project.assetChecks.flatMap(({ names }) => names),
    ["positive"],
  );
});

test("definitions may stand in the list themselves", () => {
  const project = put(a, two, positive);
  assert.deepEqual(
    project.assets.map(({ key }) => key),
    ["a"],
  );
  assert.deepEqual(names(project), ["second"]);
});

test("what is exported twice, from whichever modules, is there once", () => {
  const project = put({ a, again: a }, { a }, a);
  assert.equal(project.assets.length, 1);
});

test("an endpoint is named by itself, else by its export; factories' records and lists by both names", () => {
  assert.deepEqual(names(put({ one, two })), ["one", "second"]);
  const made = (route: "GET /x" | "GET /y"): object => endpoint(route, { handler: () => 1 });
  const x = { list: made("GET /x") };
  const y = { list: made("GET /y") };
  assert.deepEqual(names(put({ x, y })), ["x_list", "y_list"]);
  assert.deepEqual(names(put({ many: [made("GET /x"), made("GET /y")] })), ["many_0", "many_1"]);
  assert.deepEqual(names(put(one)), [undefined]);
  assert.deepEqual(names(put(one, { later: one })), ["later"]);
});

test("naming an endpoint by its export leaves the definition itself as it is", () => {
  put({ one });
  assert.equal((one as unknown as { name: unknown }).name, undefined);
});

test("checks defined elsewhere come after an asset's own", () => {
  const project = put({ a, b, positive, more: assetCheck("more", { asset: a, run: () => true }) });
  const checks = [...project.checks].map(([{ key }, found]) => [key, ...found.map(({ name }) => name)]);
  assert.deepEqual(checks, [
    ["a", "not null n", "more"],
    ["b", "positive"],
  ]);
});

test("a check does not bring its asset into the project", () => {
  assert.deepEqual(put({ positive }).assets, []);
});

test("instances of classes are not looked into: their getters might do work", () => {
  class Client {
    readonly asset = a;
    get connection(): never {
      return assert.fail("it was read");
    }
  }
  const getter = Object.defineProperty(Object.create({}), "live", {
    enumerable: true,
    get: () => assert.fail("it was read"),
  });
  assert.deepEqual(put({ client: new Client(), getter, map: new Map([["a", a]]) }).assets, []);
});

test("nothing else is a project", () => {
  for (const candidate of [undefined, null, 3, {}, { name: "x", definitions: [] }, a]) {
    assert.equal(projectDefinition(candidate), undefined);
  }
});

test("the project's place is where defineProject is called", () => {
  assert.equal(put().site.place.file, import.meta.filename);
});
