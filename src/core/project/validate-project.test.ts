import assert from "node:assert/strict";
import { test } from "node:test";
import * as z from "zod";
import type { TableAsset } from "../asset/asset-types.ts";
import { asset, externalAsset } from "../asset/asset.ts";
import { multiAsset } from "../asset/multi-asset.ts";
import { source } from "../asset/source.ts";
import { assetCheck } from "../check/asset-check.ts";
import { check } from "../check/check.ts";
import { DefinitionSite } from "../definition-site.ts";
import { endpoint } from "../endpoint/endpoint.ts";
import { partitions } from "../partition/partitions.ts";
import { sql } from "../sql/sql.ts";
import { defineProject, projectDefinition } from "./project.ts";
import { validateProject } from "./validate-project.ts";

const N = z.object({ n: z.int() });
const months = partitions.monthly({ start: "2001-01", end: "2001-06" });
const table = <const K extends string>(key: K): TableAsset<K, { n: number }> =>
  asset(key, { columns: N, sql: sql`select 1 as n` });
// Definitions as they come from a project that tsc has not seen.
const untyped = { asset, externalAsset, assetCheck, endpoint, multiAsset } as unknown as Record<
  "asset" | "externalAsset" | "assetCheck" | "endpoint" | "multiAsset",
  (key: unknown, options?: unknown) => object
>;

/** The mistakes of a project of these definitions: code, message, and how far each lies below `here`. */
function mistakes(definitions: Readonly<Record<string, object>> | readonly object[], name = "test") {
  const list = Array.isArray(definitions) ? definitions : [definitions];
  const project = projectDefinition(defineProject({ name, definitions: list as object[] })) ?? assert.fail();
  return validateProject(project).map(({ code, message, place }) => ({ code, message, place }));
}
const texts = (...args: Parameters<typeof mistakes>): string[] =>
  mistakes(...args).map(({ code, message }) => `${code}: ${message}`);
/** The line of the call. */
const line = (): number => DefinitionSite.above(line).place.line ?? 0;

test("a project without mistakes has none", () => {
  const raw = externalAsset("raw", { columns: N, source: source.csv("x.csv") });
  const monthly = asset("sales/monthly", { columns: N, partitions: months, sql: sql`from ${raw}` });
  const next = asset("sales/next", {
    columns: N,
    partitions: months,
    sql: sql`from ${monthly}`,
    checks: [check.unique("n")],
  });
  const all = asset("all-of_it", { columns: N, sql: sql`from ${next}`, deps: { monthly } });
  const one = endpoint("GET /a/:id", {
    params: z.object({ id: z.string() }),
    reads: { all },
    handler: () => 1,
  });
  const other = endpoint("POST /a/:id", { handler: () => 1 });
  const fine = assetCheck("fine", { asset: next, deps: { monthly, raw }, run: () => true });
  assert.deepEqual(texts({ raw, monthly, next, all, one, other, fine }), []);
});

test("a key used twice names the place of the first, and stands at the second", () => {
  const a = table("a");
  const second = line() + 1;
  const again = asset("a", { value: z.number(), run: () => 1 });
  const [mistake, ...more] = mistakes({ a, again });
  assert.equal(mistake?.code, "DUPLICATE_KEY");
  assert.match(
    mistake?.message ?? "",
    /^The asset a is defined twice: here and at .*validate-project\.test\.ts:\d+$/,
  );
  assert.deepEqual(mistake?.place, { asset: "a", file: import.meta.filename, line: second });
  assert.deepEqual(more, []);
});

test("a key that is none, of an asset or of the project", () => {
  const wrong = ["", "2fast", "a b", "a//b", "/a", "a/", "a.b", "ä", "a\n"];
  assert.deepEqual(
    texts(wrong.map((key) => table(key))),
    wrong.map((key) => `INVALID_KEY: ${JSON.stringify(key)} is no asset key`),
  );
  assert.deepEqual(texts([], "my project"), ['INVALID_KEY: "my project" is no project key']);
});

test("a dependency that is not among the definitions", () => {
  const hidden = table("hidden");
  const seen = asset("seen", { columns: N, sql: sql`from ${hidden}` });
  const message = "which is not among the project's definitions";
  assert.deepEqual(texts({ seen }), [`DEPENDENCY_NOT_IN_PROJECT: seen depends on hidden, ${message}`]);
  const served = endpoint("GET /x", { reads: { hidden }, handler: () => 1 });
  assert.deepEqual(texts({ served }), [`DEPENDENCY_NOT_IN_PROJECT: GET /x depends on hidden, ${message}`]);
  const checked = assetCheck("fine", { asset: hidden, run: () => true });
  assert.deepEqual(texts({ checked }), [
    `DEPENDENCY_NOT_IN_PROJECT: the check fine depends on hidden, ${message}`,
  ]);
  const a = table("a");
  const compared = assetCheck("fine", { asset: a, deps: { hidden }, run: () => true });
  assert.deepEqual(texts({ a, compared }), [
    `DEPENDENCY_NOT_IN_PROJECT: the check fine depends on hidden, ${message}`,
  ]);
});

test("checks that cannot be asked: of another project's asset, of columns that do not compare, of what is never made (N19)", () => {
  const Named = z.object({ n: z.int(), name: z.string(), day: z.iso.date() });
  const other = table("other");
  const of = (checks: readonly object[]): string[] => {
    const all = untyped.asset("a", { columns: Named, sql: sql`select 1`, checks });
    return texts([all, table("known")]).map((text) =>
      text.replace(/^INVALID_OPTION: asset a: the check /, ""),
    );
  };
  const known = table("known");
  const { references, freshness, metadata, rowCountChange } = check as unknown as Record<
    "references" | "freshness" | "metadata" | "rowCountChange",
    (...args: unknown[]) => object
  >;
  assert.deepEqual(of([references("n", other, "n")]), [
    "DEPENDENCY_NOT_IN_PROJECT: the check n in other depends on other, which is not among the project's definitions",
  ]);
  const pair = (made: object): string[] =>
    texts([untyped.asset("a", { columns: Named, sql: sql`select 1`, checks: [made] }), known]);
  assert.deepEqual(pair(references("name", known, "n")), [
    "INVALID_OPTION: asset a: the check name in known compares name, which is VARCHAR, with known.n, which is BIGINT",
  ]);
  assert.deepEqual(pair(references("n", known, "m")), [
    "UNKNOWN_COLUMN: known: the check n in known names the column m, which is not among n",
  ]);
  assert.deepEqual(pair(references(["n", "name"], known, ["n"])), [
    "INVALID_OPTION: asset a: the check n, name in known compares 2 columns with 1",
  ]);
  assert.deepEqual(of([freshness({ column: "n", maxAge: "1d" })]), [
    "freshness n asks for the age of n, which holds no times",
  ]);
  assert.deepEqual(of([freshness({ maxAge: "soon" })]), ['freshness needs a maxAge such as "1d"']);
  assert.deepEqual(of([metadata("auc", { min: 1 }, { scope: "asset" })]), [
    "metadata auc is about one version, and cannot have the scope asset",
  ]);
  assert.deepEqual(of([rowCountChange({})]), ["row count change has none of max, decrease and increase"]);
  assert.deepEqual(of([rowCountChange({ max: "half" })]), [
    "row count change takes shares such as 0.5, which is half",
  ]);
  assert.deepEqual(of([check.rowCount({ min: 1 }, { severity: "warn", blocking: true } as never)]), [
    "row count: a warning never blocks: leave out blocking, or severity",
  ]);
  const outside = externalAsset("outside", { columns: Named, source: source.csv("outside.csv") });
  const never = assetCheck("never", { asset: outside, run: () => true });
  assert.deepEqual(texts({ outside, never }), [
    "INVALID_OPTION: check never: outside is external and never materialized; check an asset that is made from it",
  ]);
});

test("missing partitions of which there are none to read, or no known way to do without (N24)", () => {
  const monthly = asset("monthly", { columns: N, partitions: months, sql: sql`select 1` });
  const total = asset("total", { columns: N, missing: "skip", sql: sql`from ${monthly}` });
  const over = asset("over", { columns: N, missing: "skip", sql: sql`from ${total}` });
  const odd = untyped.asset("odd", { columns: N, missing: "ignore", sql: sql`from ${monthly}` });
  const like = untyped.asset("like", {
    columns: N,
    partitions: months,
    missing: "skip",
    sql: sql`from ${monthly}`,
  });
  const reason =
    'missing: "skip" is for an unpartitioned asset that reads a partitioned one, which it does not';
  assert.deepEqual(texts([monthly, total, over, odd, like]), [
    `INVALID_OPTION: asset over: ${reason}`,
    'INVALID_OPTION: asset odd: missing must be "block" or "skip"',
    `INVALID_OPTION: asset like: ${reason}`,
  ]);
});

test("partitions that do not fit those of a dependency (N24)", () => {
  const monthly = asset("monthly", { columns: N, partitions: months, sql: sql`select 1` });
  const days = partitions.daily({ start: "2001-01-01" });
  const daily = asset("daily", { columns: N, partitions: days, sql: sql`from ${monthly}` });
  const alike = partitions.monthly({ start: "2001-01", end: "2001-06" });
  const twin = asset("twin", { columns: N, partitions: alike, sql: sql`from ${monthly}` });
  const byDay = assetCheck("fine", { asset: daily, deps: { monthly }, run: () => true });
  const otherwise = "is partitioned otherwise than its dependency monthly, and no mapping says how they fit";
  assert.deepEqual(texts({ monthly, daily, twin, byDay }), [
    `MAPPING_MISSING: daily ${otherwise}`,
    `MAPPING_MISSING: twin ${otherwise}`,
    `MAPPING_MISSING: the check fine ${otherwise}`,
  ]);
});

test("a circle, which only a check can close, is told in its order and at an asset of it", () => {
  const a = table("a");
  const b = asset("b", { columns: N, sql: sql`from ${a}` });
  const c = asset("c", { columns: N, sql: sql`from ${b}` });
  const agree = assetCheck("agree", { asset: a, deps: { c }, run: () => true });
  const [circle, ...more] = mistakes({ a, b, c, agree });
  assert.equal(circle?.message, "These assets depend on each other in a circle: a → c → b → a");
  assert.equal(circle.place.asset, "a");
  assert.equal(circle.place.file, import.meta.filename);
  assert.deepEqual(more, []);
});

test("options that make no sense, of an asset", () => {
  const reasons = (options: object): string[] =>
    texts([untyped.asset("a", options)]).map((text) => text.replace(/^INVALID_OPTION: asset a: /, ""));
  const run = (): unknown[] => [];
  assert.deepEqual(reasons({ run }), ["it needs exactly one of columns, value and file"]);
  assert.deepEqual(reasons({ columns: N, value: N, run }), [
    "it needs exactly one of columns, value and file",
  ]);
  assert.deepEqual(reasons({ columns: N }), ["it needs exactly one of sql and run"]);
  assert.deepEqual(reasons({ columns: N, run, sql: sql`select 1` }), ["it needs exactly one of sql and run"]);
  assert.deepEqual(reasons({ value: N, sql: sql`select 1` }), ["sql needs columns"]);
  assert.deepEqual(reasons({ columns: N, sql: "select 1" }), ["sql must be an sql`…` text"]);
  assert.deepEqual(reasons({ columns: N, run: 3 }), ["run must be a function"]);
  assert.deepEqual(reasons({ columns: N, run, write: "merge" }), ['write must be "replace" or "append"']);
  assert.deepEqual(reasons({ value: N, run, write: "append" }), [
    'write: "append" adds rows, and a value has none: it needs columns',
  ]);
  assert.deepEqual(reasons({ columns: N, sql: sql`select n from ${sql.previous}` }), [
    'sql.previous is what an appending asset has so far: it needs write: "append"',
  ]);
  const other = asset("other", { columns: N, sql: sql`select 1 as n` });
  const named = texts([
    other,
    untyped.asset("a", { columns: N, run, write: "append", deps: { previous: other } }),
  ]);
  assert.deepEqual(named, [
    "INVALID_OPTION: asset a: previous is what an appending asset has so far: give that dependency another name",
  ]);
  assert.deepEqual(reasons({ columns: N, run, deps: { x: undefined, y: 3 } }), [
    "the dependency x is no asset",
    "the dependency y is no asset",
  ]);
  assert.deepEqual(reasons({ columns: N, run, retry: { max: -1 } }), [
    'retry needs max (a whole number) and a delay such as "2s"',
  ]);
  assert.deepEqual(reasons({ columns: N, run, timeout: "soon" }), [
    'the timeout "soon" is no duration; write it like "30s" or "10m"',
  ]);
  assert.deepEqual(reasons({ columns: N, run, partitions: partitions.static([]) }), [
    "partitions: there must be at least one key",
  ]);
  assert.deepEqual(reasons({ columns: N, run, checks: ["x"] }), [
    "checks holds something that check.… did not make",
  ]);
});

test("options of another type, or that there are not, of an asset", () => {
  const reasons = (options: object): string[] =>
    texts([untyped.asset("a", { columns: N, sql: sql`select 1 as n`, ...options })]).map((text) =>
      text.replace(/^INVALID_OPTION: asset a: /, ""),
    );
  const options =
    "description, renamedFrom, group, tags, owners, metadata, deps, resources, config, partitions, retry, timeout, hooks, retention, triggerRule, " +
    "missing, codeVersion, " +
    "columns, value, file, sql, run, write, checks";
  assert.deepEqual(reasons({ chekcs: [check.unique("n")] }), [
    `there is no option chekcs; there are ${options}`,
  ]);
  assert.deepEqual(reasons({ description: 3, group: 3, codeVersion: 3 }), [
    "description must be a text",
    "group must be a text",
    "codeVersion must be a text",
  ]);
  const tags = 'tags must be texts by name, for instance { tier: "1" }';
  assert.deepEqual([reasons({ tags: { tier: 1 } }), reasons({ tags: ["tier"] })], [[tags], [tags]]);
  const owners = "owners must be a list of e-mail addresses and team:names";
  for (const wrong of ["team:data", ["bob"], [3], ["team:"], ["@x"]]) {
    assert.deepEqual(reasons({ owners: wrong }), [owners]);
  }
  assert.deepEqual(reasons({ owners: ["team:data", "a@b.example"] }), []);
  const metadata = "metadata must be what JSON holds, by name";
  for (const wrong of ["x", ["x"], new Date()]) assert.deepEqual(reasons({ metadata: wrong }), [metadata]);
  const cannot = (what: string) => `METADATA_INVALID: asset a: the metadata ${what}`;
  assert.deepEqual(reasons({ metadata: { f: () => 1 } }), [cannot("f cannot be kept: it is a function")]);
  assert.deepEqual(reasons({ metadata: { f: () => 1, ok: 1, big: [1n] } }), [
    cannot("f cannot be kept: it is a function"),
    cannot("big[0] cannot be kept: it is a bigint: give Number(n), or String(n) to keep it exact"),
  ]);
  const deps = "deps must be assets by the names that run uses, for instance { orders }";
  assert.deepEqual([reasons({ deps: [table("b")] }), reasons({ deps: table("b") })], [[deps], [deps]]);
  const made = "partitions must be made by partitions.monthly, partitions.daily or partitions.static";
  assert.deepEqual([reasons({ partitions: ["a"] }), reasons({ partitions: "daily" })], [[made], [made]]);
  const retry =
    'retry must be a number of tries and how to wait, for instance { max: 3, delay: "2s", backoff: "linear", jitter: "full" }';
  for (const wrong of [3, { max: 1, backoff: "expo" }, { max: 1, jitter: true }, { max: 1, delays: "1s" }]) {
    assert.deepEqual(reasons({ retry: wrong }), [retry]);
  }
  assert.deepEqual(reasons({ checks: check.unique("n") }), ["checks must be a list"]);
});

test("columns, value and file that are none", () => {
  const reasons = (options: object): string[] =>
    texts([untyped.asset("a", { run: () => 1, ...options })]).map((text) =>
      text.replace(/^INVALID_OPTION: asset a: /, ""),
    );
  for (const wrong of [{ n: z.int() }, z.array(N), z.int(), "n"]) {
    assert.deepEqual(reasons({ columns: wrong }), ["columns must be z.object({ … })"]);
  }
  assert.deepEqual(reasons({ value: "string" }), ["value must be a zod schema"]);
  for (const wrong of [{ load: 3 }, { extension: "json" }, 3]) {
    assert.deepEqual(reasons({ file: wrong }), [
      'file must be a content type, for instance "application/pdf", or made by fileType',
    ]);
  }
});

test("an asset without options, or without a key", () => {
  const missing = (key: string): string[] => [
    `INVALID_OPTION: asset ${key}: its options are missing`,
    `INVALID_OPTION: asset ${key}: it needs exactly one of columns, value and file`,
    `INVALID_OPTION: asset ${key}: it needs exactly one of sql and run`,
  ];
  assert.deepEqual(texts([untyped.asset("a")]), missing("a"));
  const keyless = mistakes([untyped.asset({ columns: N, run: () => [] })]);
  assert.equal(keyless[0]?.message, '"" is no asset key');
  assert.equal(keyless[0].place.file, import.meta.filename);
});

test("options that make no sense, of an external asset", () => {
  const reasons = (options: object): string[] =>
    texts([untyped.externalAsset("a", { columns: N, ...options })]).map((text) =>
      text.replace(/^INVALID_OPTION: asset a: /, ""),
    );
  const made = source.csv("x.csv");
  assert.deepEqual(reasons({ source: made }), []);
  const source_ =
    "source must be made by source.parquet, source.csv, source.file, source.observed or source.reported";
  assert.deepEqual(reasons({}), ["it needs a source"]);
  for (const wrong of ["x.csv", { path: "x.csv" }, source.csv("")]) {
    assert.deepEqual(reasons({ source: wrong }), [source_]);
  }
  assert.deepEqual(reasons({ source: made, sql: sql`select 1` }), [
    "there is no option sql; there are description, renamedFrom, group, tags, owners, metadata, columns, file, source",
  ]);
});

test("partitions whose keys are none", () => {
  const loose = partitions as unknown as { static: (keys: unknown) => object };
  const reasons = (list: unknown): string[] =>
    texts([untyped.asset("a", { columns: N, partitions: loose.static(list), sql: sql`select 1 as n` })]).map(
      (text) => text.replace(/^INVALID_OPTION: asset a: partitions: /, ""),
    );
  assert.deepEqual(reasons(["eu", "", 3]), ['"" is no key; a key is a text', "3 is no key; a key is a text"]);
  assert.deepEqual(reasons("eu"), ["static takes a list of keys"]);
});

test("columns that no column can hold, and rules that SQL cannot check", () => {
  const a = untyped.asset("a", {
    columns: z.object({ m: z.map(z.string(), z.string()), r: z.string().refine(() => true) }),
    run: () => [],
  });
  assert.deepEqual(
    mistakes({ a }).map(({ code, place }) => [code, place.asset]),
    [
      ["COLUMN_TYPE_UNSUPPORTED", "a"],
      ["COLUMN_RULE_UNSUPPORTED", "a"],
    ],
  );
});

test("checks of columns that there are not, of the same name, or in SQL where there is no table", () => {
  const a = untyped.asset("a", {
    columns: N,
    sql: sql`select 1`,
    checks: [check.unique("n", "m"), check.range("k", { min: 1 }), check.unique("n", "m")],
  });
  assert.deepEqual(texts([a]), [
    "UNKNOWN_COLUMN: a: the check unique n, m names the column m, which is not among n",
    "UNKNOWN_COLUMN: a: the check range k names the column k, which is not among n",
    "INVALID_OPTION: asset a: two checks are named unique n, m; give one of them another name",
    "UNKNOWN_COLUMN: a: the check unique n, m names the column m, which is not among n",
  ]);
  const b = asset("b", { value: z.number(), checks: [check.rowCount({ min: 1 })], run: () => 1 });
  assert.deepEqual(texts({ b }), [
    "INVALID_OPTION: asset b: the check row count is made in SQL, which is for tables; write it as an assetCheck",
  ]);
});

test("a check's SQL that reads what is not among the dependencies", () => {
  const airports = table("airports");
  const checks = [check.sql("known airports", (rows) => sql`from ${rows} where n not in (from ${airports})`)];
  const unlisted = asset("flights", { columns: N, sql: sql`select 1`, checks });
  assert.deepEqual(texts({ airports, unlisted }), [
    "SQL_UNKNOWN_TABLE: The SQL reads the asset airports, which is not among the dependencies",
  ]);
  const listed = asset("flights", { columns: N, deps: { airports }, sql: sql`select 1`, checks });
  assert.deepEqual(texts({ airports, listed }), []);
});

test("options that make no sense, of a check", () => {
  const { unique, accepted } = check as unknown as Record<
    "unique" | "accepted",
    (...args: unknown[]) => object
  >;
  const reasons = (made: object): string[] =>
    texts([untyped.asset("a", { columns: N, sql: sql`select 1 as n`, checks: [made] })]).map((text) =>
      text.replace(/^INVALID_OPTION: asset a: the check /, ""),
    );
  assert.deepEqual(reasons(unique(["n"], { blocking: "no" })), ["unique n: blocking must be true or false"]);
  assert.deepEqual(reasons(unique(["n"], { severity: "fatal", blokcing: false })), [
    'unique n: severity must be "warn" or "error"',
    "unique n: there is no option blokcing; there are name, blocking, severity, scope, timeout",
  ]);
  assert.deepEqual(reasons(accepted("n", "123")), ["accepted n takes a list of values"]);
  const a = table("a");
  const own = (name: unknown, options?: unknown): string[] => texts([a, untyped.assetCheck(name, options)]);
  assert.deepEqual(own("fine", { asset: a, run: true, blocking: 1, dep: {} }), [
    "INVALID_OPTION: check fine: run must be a function",
    "INVALID_OPTION: check fine: blocking must be true or false",
    "INVALID_OPTION: check fine: there is no option dep; there are asset, deps, resources, run, scope, timeout, blocking, severity",
  ]);
  assert.deepEqual(own("fine", { asset: a }), ["INVALID_OPTION: check fine: it needs run, a function"]);
  assert.deepEqual(own("", { asset: a, run: () => true }), [
    'INVALID_OPTION: check "": its name must be a text that is not empty',
  ]);
  assert.deepEqual(own("fine"), [
    "INVALID_OPTION: check fine: its options are missing",
    "INVALID_OPTION: check fine: asset is no asset",
    "INVALID_OPTION: check fine: it needs run, a function",
  ]);
});

test("a check of what is no asset", () => {
  const { make } = { make: assetCheck } as unknown as { make: (name: string, options: object) => object };
  assert.deepEqual(texts([make("fine", { asset: 3, deps: { x: 4 }, run: () => true })]), [
    "INVALID_OPTION: check fine: asset is no asset",
    "INVALID_OPTION: check fine: the dependency x is no asset",
  ]);
});

test("options that make no sense, of an endpoint", () => {
  const reasons = (route: string, options: object): string[] =>
    texts([untyped.endpoint(route, { handler: () => 1, ...options })]).map((text) =>
      text.replace(`INVALID_OPTION: endpoint ${route}: `, ""),
    );
  const route = "a route is a method and a path, for instance GET /airports/:iata/delays";
  for (const wrong of ["FETCH /x", "GET x", "GET /x?y", "GET  /x", "get /x", "GET /a b", "/x"]) {
    assert.deepEqual(reasons(wrong, {}), [route], wrong);
  }
  assert.deepEqual(reasons("GET /x", { timeLimit: "soon" }), [
    'timeLimit "soon" is no duration; write it like "2s"',
  ]);
  assert.deepEqual(reasons("GET /x", { maxRows: 0 }), ["maxRows must be a whole number above 0"]);
  assert.deepEqual(reasons("GET /x", { handler: 3 }), ["handler must be a function"]);
  assert.deepEqual(reasons("GET /x", { reads: { a: 3 } }), ["reads.a is no asset"]);
  assert.deepEqual(reasons("GET /x/:a/:b", { params: z.object({ a: z.string(), c: z.string() }) }), [
    "params and the path differ in b, c",
  ]);
  assert.deepEqual(reasons("GET /x/:a/:a", {}), ["the path has :a twice"]);
});

test("options of another type, or that there are not, of an endpoint", () => {
  const reasons = (options: object, route = "GET /x"): string[] =>
    texts([untyped.endpoint(route, { handler: () => 1, ...options })]).map((text) =>
      text.replace(`INVALID_OPTION: endpoint ${route}: `, ""),
    );
  for (const part of ["params", "query", "headers"]) {
    assert.deepEqual(reasons({ [part]: { a: z.string() } }), [`${part} must be z.object({ … })`]);
  }
  assert.deepEqual(reasons({ returns: [N] }), ["returns must be a zod schema"]);
  assert.deepEqual(reasons({ body: "text" }, "POST /x"), ["body must be a zod schema"]);
  assert.deepEqual(reasons({ body: N }), ["GET has no body"]);
  assert.deepEqual(reasons({ reads: [table("a")] }), [
    "reads must be assets by the names that handler uses, for instance { orders }",
  ]);
  const exists =
    'exists must be a title and the SQL that asks for it, for instance { title: "No such shop", sql: … }';
  assert.deepEqual([reasons({ exists: true }), reasons({ exists: { title: "x" } })], [[exists], [exists]]);
  assert.deepEqual(reasons({ cache: "always" }), ['cache must be "vouched"']);
  assert.deepEqual(reasons({ tags: "a", name: 3, description: 3, codeVersion: 3 }), [
    "tags must be a list of texts",
    "name must be a text",
    "description must be a text",
    "codeVersion must be a text",
  ]);
  assert.deepEqual(reasons({ retruns: N }), [
    "there is no option retruns; there are description, tags, name, timeLimit, maxRows, cache, codeVersion, " +
      "params, query, headers, body, reads, resources, returns, exists, handler",
  ]);
  assert.deepEqual(texts([untyped.endpoint("GET /x")]), [
    "INVALID_OPTION: endpoint GET /x: its options are missing",
    "INVALID_OPTION: endpoint GET /x: handler must be a function",
  ]);
  const [routeless] = texts([untyped.endpoint({ handler: () => 1 })]);
  assert.equal(
    routeless,
    'INVALID_OPTION: endpoint "": a route is a method and a path, for instance GET /airports/:iata/delays',
  );
});

test("options that make no sense, of a project", () => {
  const { define } = { define: defineProject } as unknown as { define: (options?: unknown) => object };
  const reasons = (options?: unknown): string[] =>
    validateProject(projectDefinition(define(options)) ?? assert.fail()).map(({ message }) => message);
  assert.deepEqual(reasons({ name: "p", definitions: [], sate: "postgres://x" }), [
    "project p: there is no option sate; there are name, definitions, state, data, retention, grace, resources, retry, timeout, hooks",
  ]);
  assert.deepEqual(reasons({ name: "p", definitions: [], state: 3, data: 3 }), [
    "project p: state must be a text",
    "project p: data must be a text",
  ]);
  assert.deepEqual(reasons({ name: "p", definitions: { a: table("a") } }), [
    "project p: definitions must be a list",
  ]);
  assert.deepEqual(reasons({ name: "p", definitions: [undefined, 3, () => 1] }), [
    "project p: definitions[0] is neither a module nor a definition",
    "project p: definitions[1] is neither a module nor a definition",
    "project p: definitions[2] is neither a module nor a definition",
  ]);
  assert.deepEqual(reasons({ name: 3, definitions: [] }), [
    '"" is no project key',
    'project "": name must be a text',
  ]);
  assert.deepEqual(reasons(), ['"" is no project key', 'project "": its options are missing']);
});

test("routes that clash, whatever their parameters are called, and routes of Millrace's own", () => {
  const make = (...routes: readonly string[]): string[] =>
    texts(routes.map((route, index) => untyped.endpoint(route, { name: `e${index}`, handler: () => 1 }))).map(
      (text) => text.replace(/ as the one at .*/, ""),
    );
  assert.deepEqual(make("GET /a/:x", "GET /a/:y"), [
    "ENDPOINT_ROUTE_CLASH: The endpoint GET /a/:y has the same route",
  ]);
  assert.deepEqual(make("GET /a", "GET /a/"), [
    "ENDPOINT_ROUTE_CLASH: The endpoint GET /a/ has the same route",
  ]);
  assert.deepEqual(make("GET /a/:x", "GET /a/b", "POST /a/:x", "GET /a/:x/c", "GET /:x/b"), []);
  for (const route of ["GET /docs", "GET /docs/x", "GET /openapi.json"]) {
    assert.deepEqual(make(route), [
      `ENDPOINT_ROUTE_RESERVED: The endpoint ${route} uses a path that belongs to Millrace`,
    ]);
  }
  assert.deepEqual(make("GET /docsets"), []);
});

test("two endpoints of one name, and an endpoint over an external asset (N25)", () => {
  const raw = externalAsset("raw", { columns: N, source: source.csv("x.csv") });
  const one = endpoint("GET /one", { name: "same", handler: () => 1 });
  const two = endpoint("GET /two", { name: "same", reads: { raw }, handler: () => 1 });
  const [duplicate, external, ...more] = mistakes({ raw, one, two });
  assert.match(duplicate?.message ?? "", /^The endpoint same is defined twice: here and at .*:\d+$/);
  assert.equal(
    external?.message,
    "The endpoint GET /two reads the external asset raw, which no snapshot holds still",
  );
  assert.deepEqual(more, []);
});

test("all mistakes of all definitions are reported at once, each at its own line", () => {
  const firstLine = line() + 1;
  const a = untyped.asset("a b", { columns: N, timeout: "soon", run: () => [] });
  const b = untyped.endpoint("GET x", { handler: () => 1 });
  const c = untyped.asset("c", { value: z.number(), run: 3 });
  const found = mistakes({ a, b, c });
  assert.deepEqual(
    found.map(({ code, place }) => [code, place.file, (place.line ?? 0) - firstLine]),
    [
      ["INVALID_KEY", import.meta.filename, 0],
      ["INVALID_OPTION", import.meta.filename, 0],
      ["INVALID_OPTION", import.meta.filename, 2],
      ["INVALID_OPTION", import.meta.filename, 1],
    ],
  );
});

test("a key is given up by one asset and taken over by one (N12)", () => {
  const renamed = (key: string, renamedFrom: unknown) =>
    untyped.asset(key, { columns: N, sql: sql`select 1 as n`, renamedFrom });
  const reasons = (definitions: Readonly<Record<string, object>>): string[] =>
    mistakes(definitions)
      .filter(({ code }) => code === "RENAME_INVALID")
      .map(({ message }) => message.replace(/ at \S+:\d+$/, ""));
  assert.deepEqual(reasons({ a: renamed("a", "before"), b: renamed("b", "other/before") }), []);
  assert.deepEqual(reasons({ a: renamed("a", "a") }), [
    'a cannot be renamed from "a": that is the key it has',
  ]);
  assert.deepEqual(reasons({ a: renamed("a", "no key") }), [
    'a cannot be renamed from "no key": that is no asset key',
  ]);
  assert.deepEqual(reasons({ a: renamed("a", "old"), b: renamed("b", "old") }), [
    'b cannot be renamed from "old": so is a,',
  ]);
  // A circle is two assets that are both still there.
  assert.deepEqual(reasons({ a: renamed("a", "b"), b: renamed("b", "a") }), [
    'a cannot be renamed from "b": that asset is still there,',
    'b cannot be renamed from "a": that asset is still there,',
  ]);
});

test("a multi-asset without outputs, with wrong ones, or named like something else", () => {
  const outputs = (given: unknown): string[] =>
    texts([untyped.multiAsset("m", { outputs: given, run: () => ({}) })]);
  assert.throws(() => outputs({}), /multi-asset m: it needs outputs, for instance/);
  assert.throws(() => outputs([]), /it needs outputs/);
  assert.deepEqual(outputs({ a: { value: z.number(), colums: 1 }, b: {} }), [
    "INVALID_OPTION: asset m/a: there is no option colums; there are key, description, renamedFrom, group, tags, owners, metadata, columns, value, file, retention, optional, checks",
    "INVALID_OPTION: asset m/b: it needs exactly one of columns, value and file",
  ]);
  const same = multiAsset("m", { outputs: { a: { value: z.number() } }, run: (_) => ({ a: 1 }) });
  const clash = asset("m", { value: z.number(), run: () => 1 });
  assert.match(texts({ ...same, clash }).join(), /DUPLICATE_KEY: The multi-asset m is defined twice/);
});
