import assert from "node:assert/strict";
import { suite, test } from "node:test";
import * as z from "zod";
import { asset } from "../asset/asset.ts";
import { DefinitionSite } from "../definition-site.ts";
import { endpoint } from "../endpoint/endpoint.ts";
import { graph } from "../graph/graph.ts";
import { job } from "../job/job.ts";
import { opDefinition } from "../op/op-definition.ts";
import { op } from "../op/op.ts";
import { partitions } from "../partition/partitions.ts";
import { defineProject, projectDefinition, type ProjectDefinition } from "./project.ts";
import { projectOps } from "./project-ops.ts";
import { validateProject } from "./validate-project.ts";

const put = (...definitions: readonly object[]): ProjectDefinition =>
  projectDefinition(defineProject({ name: "test", definitions })) ?? assert.fail();
const mistakes = (...definitions: readonly object[]) =>
  validateProject(put(...definitions)).map(({ code, message, place, suggestions }) => ({
    text: `${code}: ${message.replace(/\/\S*:\d+/, "…")}`,
    place,
    suggestions,
  }));
const texts = (...definitions: readonly object[]): string[] =>
  mistakes(...definitions).map(({ text }) => text);
const line = (): number => DefinitionSite.above(line).place.line ?? 0;

const months = partitions.monthly({ start: "2001-01" });
const daily = asset("daily", { value: z.int(), group: "sales", run: () => 1 });
const monthly = asset("monthly", { value: z.int(), partitions: months, run: () => 1 });
const tick = op("tick", { run: () => undefined });
const reads = op("reads", { deps: { daily }, run: () => undefined });

test("a project holds the jobs and ops that its modules export, also in records, and knows the ops that jobs call", () => {
  const hidden = op("hidden", { run: () => undefined });
  const nested = graph("nested", { graph: ({ map }) => map([1], () => hidden()) });
  const one = job("one", { graph: () => void nested() });
  const project = put({ one, more: { tick, two: job("two", { assets: "daily" }) } }, { daily }, reads);
  assert.deepEqual(validateProject(project), []);
  assert.deepEqual(
    project.jobs.map(({ name }) => name),
    ["one", "two"],
  );
  assert.deepEqual(project.ops, [tick, reads].map(opDefinition));
  assert.deepEqual([...projectOps(project)], [tick, reads, hidden].map(opDefinition));
});

suite("the mistakes of a project", () => {
  test("are those of its jobs' graphs, each at its line", () => {
    const start = line();
    const wrong = job("wrong", {
      graph: () => {
        tick(null, { name: "a" });
        tick(null, { name: "a" });
      },
    });
    const [mistake, ...others] = mistakes({ wrong });
    assert.deepEqual(others, []);
    assert.equal(mistake?.text, "DUPLICATE_KEY: The step a is defined twice: here and at …");
    assert.deepEqual(mistake.place, { job: "wrong", file: import.meta.filename, line: start + 4 });
  });

  test("are names that two jobs, or two ops, have", () => {
    const first = job("same", { graph: () => tick() });
    const second = job("same", { graph: () => op("tick", { run: () => undefined })() });
    assert.deepEqual(texts({ first, second }), [
      "DUPLICATE_KEY: The job same is defined twice: here and at …",
      "DUPLICATE_KEY: The op tick is defined twice: here and at …",
    ]);
  });

  test("are those of ops, of graphs and of what ops read, told once", () => {
    const wrong = op("wrong", { retry: { max: -1 }, run: () => undefined });
    const nameless = graph("a b", { graph: () => tick() });
    const twice = job("twice", { graph: () => [wrong(), wrong(), nameless(), nameless(), reads()] });
    assert.deepEqual(texts({ twice, wrong }), [
      'INVALID_NAME: "a b" is no name for a graph',
      'INVALID_OPTION: op wrong: retry needs max (a whole number) and a delay such as "2s"',
      "DEPENDENCY_NOT_IN_PROJECT: the op reads depends on daily, which is not among the project's definitions",
    ]);
  });

  test("are ops without a name or run, or with options that do not fit", () => {
    const untyped = op as unknown as (name: unknown, options?: unknown) => object;
    const missing = untyped("missing");
    const nameless = untyped(3, { run: 1, input: z.string(), deps: { input: daily, n: 3 } });
    assert.deepEqual(texts({ missing, nameless }), [
      "INVALID_OPTION: op missing: its options are missing",
      "INVALID_OPTION: op missing: it needs run, a function",
      "INVALID_NAME: 3 is no name for an op",
      'INVALID_OPTION: op "": run must be a function',
      'INVALID_OPTION: op "": input must be z.object({ … })',
      'INVALID_OPTION: op "": the dependency input needs another name: input is what a call gives',
      'INVALID_OPTION: op "": the dependency n is no asset',
    ]);
  });

  test("are selections that are no selections, or that select nothing", () => {
    const unread = job("unread", { assets: "daily and (" });
    const nothing = job("nothing", { assets: ["daly"] });
    const empty = job("empty", { assets: "" });
    const now = job("now", { assets: "status:stale and group:sales" });
    const slip = job("slip", { assets: "status:stale or group:sale" });
    const found = mistakes({ daily, unread, nothing, empty, now, slip });
    assert.deepEqual(
      found.map(({ text, suggestions }) => [text, suggestions]),
      [
        [
          "SELECTION_INVALID: The selection «daily and (» is not understood at character 12: expected a key, an attribute such as group:name, a function such as sinks(…), or (",
          [],
        ],
        ["SELECTION_EMPTY: The selection «daly» matches no asset", ["daily"]],
        [
          "INVALID_OPTION: job empty: assets are a selection such as group:daily, an asset, or a list of those",
          [],
        ],
        ["SELECTION_EMPTY: The selection «group:sale» matches no asset", ["group:sales"]],
      ],
    );
    assert.ok(found.every(({ place }) => place.file === import.meta.filename && place.job !== undefined));
  });

  test("are selections of endpoints alone", () => {
    const served = endpoint("GET /x", { handler: () => 1 });
    const wrong = job("wrong", { assets: 'endpoint:"GET /x"' });
    assert.deepEqual(texts({ served, wrong }), [
      'SELECTION_ENDPOINTS: The selection «endpoint:"GET /x"» selects endpoints only; they are served, not materialized',
    ]);
  });

  test("are assets that are not in the project, and partitions that are not the job's", () => {
    const strange = job("strange", { assets: [daily, monthly] });
    const other = job("other", { assets: "monthly", partitions: partitions.daily({ start: "2001-01-01" }) });
    const own = job("own", { assets: "monthly or daily", partitions: months });
    assert.deepEqual(texts({ strange, monthly }), [
      "DEPENDENCY_NOT_IN_PROJECT: the job strange depends on daily, which is not among the project's definitions",
    ]);
    assert.deepEqual(texts({ daily, monthly, other, own }), [
      "INVALID_OPTION: job other: monthly is partitioned otherwise than the job",
    ]);
  });

  test("are steps named like an asset that the same job makes, at the line of the call", () => {
    const start = line();
    const named = op("daily", { run: () => undefined });
    const clash = job("clash", {
      graph: ({ materialize }) => {
        materialize("group:sales", { after: named() });
        materialize(monthly);
      },
    });
    const fine = job("fine", {
      graph: ({ materialize }) => materialize(daily, { after: named(null, { name: "x" }) }),
    });
    const found = mistakes({ daily, clash, fine });
    assert.deepEqual(
      found.map(({ text, place }) => [text, place.line]),
      [
        [
          "DEPENDENCY_NOT_IN_PROJECT: the job clash depends on monthly, which is not among the project's definitions",
          start + 5,
        ],
        ["DUPLICATE_KEY: The step daily is defined twice: here and at …", start + 4],
      ],
    );
  });
});

test("a graph function is called once, whoever asks for the mistakes how often", () => {
  let calls = 0;
  const counted = job("counted", {
    graph: () => {
      calls += 1;
      return tick();
    },
  });
  const project = put({ counted });
  validateProject(project);
  validateProject(project);
  assert.equal(calls, 1);
});
