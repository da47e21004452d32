import assert from "node:assert/strict";
import { test } from "node:test";
import * as z from "zod";
import type { AssetDefinition } from "../asset/asset-definition.ts";
import { asset, externalAsset } from "../asset/asset.ts";
import { source } from "../asset/source.ts";
import type { EndpointDefinition } from "../endpoint/endpoint-definition.ts";
import { endpoint } from "../endpoint/endpoint.ts";
import { MillraceError } from "../errors.ts";
import { ProjectGraph } from "../project/project-graph.ts";
import { sql } from "../sql/sql.ts";
import { parseSelection } from "./parse-selection.ts";
import { evaluateSelection, select, termsAskingFor } from "./select.ts";
import type { Change } from "./change.ts";
import type { Status } from "./status.ts";

const N = z.object({ n: z.int() });
// raw → a → b → c → d, and a → side; GET /b reads b, GET /c/:id reads b and c
const raw = externalAsset("raw", { columns: N, source: source.csv("x.csv") });
const a = asset("sales/a", { columns: N, group: "sales", tags: { tier: "gold" }, sql: sql`from ${raw}` });
const b = asset("sales/b", {
  columns: z.object({ n: z.int(), day: z.iso.date() }),
  group: "sales",
  tags: { tier: "silver", pii: "" },
  owners: ["team:data", "ann+x@shop.example"],
  sql: sql`from ${a}`,
});
const c = asset("c", { value: z.number(), tags: { formula: "x=1" }, deps: { b }, run: () => 1 });
const d = asset("c-d", { file: "text/plain", deps: { c }, owners: ["bob@shop.example"], run: () => "" });
const side = asset("side", { columns: N, sql: sql`from ${a}` });
const readB = endpoint("GET /b", { reads: { b }, handler: ({ b }) => sql`from ${b}` });
const readC = endpoint("GET /c/:id", {
  name: "one_c",
  params: z.object({ id: z.string() }),
  reads: { b, c },
  returns: z.object({}),
  handler: () => ({}),
});
const graph = new ProjectGraph({
  assets: [raw, a, b, c, d, side] as unknown as AssetDefinition[],
  endpoints: [readB, readC] as unknown as EndpointDefinition[],
});
const chosen = (selection: string): string =>
  select(selection, graph)
    .map(({ key }) => key)
    .join(" ");
const everything = (selection: string): string => {
  const { assets, endpoints } = evaluateSelection(parseSelection(selection), graph, {});
  return [...assets.map(({ key }) => key), ...endpoints.map(({ route }) => route)].join(", ");
};
const refused = (selection: string): MillraceError => {
  try {
    select(selection, graph);
  } catch (error) {
    if (error instanceof MillraceError) return error;
    throw error;
  }
  return assert.fail(`${selection} was not refused`);
};
const expectAll = (expected: Readonly<Record<string, string>>): void => {
  for (const [selection, keys] of Object.entries(expected)) assert.equal(chosen(selection), keys, selection);
};

test("a selection names keys, parts of them, groups, tags, owners, columns and kinds; terms add up", () => {
  expectAll({
    c: "c",
    "sales/a": "sales/a",
    '"sales/a"': "sales/a",
    "sales/*": "sales/a sales/b",
    "*/b": "sales/b",
    "*s*": "sales/a sales/b side",
    "*": "raw sales/a sales/b c c-d side",
    "key:c": "c",
    "key:sales/*": "sales/a sales/b",
    'key:"sales/a"': "sales/a",
    "group:sales": "sales/a sales/b",
    "group:s*": "sales/a sales/b",
    "tag:tier": "sales/a sales/b",
    "tag:tier=silver": "sales/b",
    "tag:tier=*l*": "sales/a sales/b",
    "tag:pii=": "sales/b",
    'tag:"pii"=""': "sales/b",
    "tag:formula=x=1": "c",
    "owner:team:data": "sales/b",
    "owner:*@shop.example": "sales/b c-d",
    'owner:"ann+x@shop.example"': "sales/b",
    'owner:ann"+"x*': "sales/b",
    "column:n": "raw sales/a sales/b side",
    "column:d*": "sales/b",
    "kind:file": "c-d",
    "kind:value kind:file": "c c-d",
    "side,c": "c side",
    "  c ,\n side  ": "c side",
    ",, c ,,side,": "c side",
    "c c c": "c",
    "c or side": "c side",
    "c OR side": "c side",
  });
});

test("a plus adds what lies upstream or downstream, a number how far", () => {
  expectAll({
    "+c": "raw sales/a sales/b c",
    "1+c": "sales/b c",
    "2+c": "sales/a sales/b c",
    "0+c": "c",
    "sales/b+": "sales/b c c-d",
    "sales/b+1": "sales/b c",
    "sales/a+1": "sales/a sales/b side",
    "1+sales/b+1": "sales/a sales/b c",
    "+sales/b+": "raw sales/a sales/b c c-d",
    "99+c-d+99": "raw sales/a sales/b c c-d",
    "group:sales+1": "sales/a sales/b c side",
    "+kind:value": "raw sales/a sales/b c",
    "1+(c side)": "sales/a sales/b c side",
    "(c, side)+1": "c c-d side",
    "c+ +side": "raw sales/a c c-d side",
  });
});

test("not binds tighter than and, and tighter than or, a blank or a comma", () => {
  expectAll({
    "sales/* and tag:pii": "sales/b",
    "not sales/*": "raw c c-d side",
    "not not c": "c",
    "not sales/* and not raw": "c c-d side",
    "side sales/* and tag:pii": "sales/b side",
    "sales/* and tag:pii side": "sales/b side",
    "sales/* and (tag:pii side)": "sales/b",
    "c or sales/* and tag:pii, side": "sales/b c side",
    "+c and not +sales/b": "c",
    "not +c": "c-d side",
    "not (c side) and kind:table": "raw sales/a sales/b",
  });
});

test("sinks are read by nothing else of the set, roots read nothing else of it", () => {
  expectAll({
    "sinks(*)": "c-d side",
    "roots(*)": "raw",
    "sinks(group:sales)": "sales/b",
    "roots(sales/a c side)": "sales/a c",
    "sinks(sales/a c)": "sales/a c",
    "+sinks(group:sales)": "raw sales/a sales/b",
    "sinks (sales/*) and roots(sales/*) or c": "c",
    "roots(sinks(*) c)": "c side",
  });
});

test("an endpoint is a node: what it reads lies upstream of it, and it lies downstream of that", () => {
  const expected = {
    'endpoint:"GET /b"': "GET /b",
    "endpoint:one_c": "GET /c/:id",
    "endpoint:*": "GET /b, GET /c/:id",
    '1+endpoint:"GET /b"': "sales/b, GET /b",
    "+endpoint:one_c": "raw, sales/a, sales/b, c, GET /c/:id",
    "c+": "c, c-d, GET /c/:id",
    "c+ and endpoint:*": "GET /c/:id",
    "sinks(sales/b+)": "c-d, GET /b, GET /c/:id",
    "roots(c endpoint:one_c)": "c",
    "not *": "GET /b, GET /c/:id",
  };
  for (const [selection, nodes] of Object.entries(expected)) {
    assert.equal(everything(selection), nodes, selection);
  }
  assert.equal(chosen("endpoint:one_c"), "", "where assets are meant it is passed over");
});

test("how an asset stands is asked for only where a selection uses it, and nothing is an answer", () => {
  const parsed = parseSelection("sales/* and status:stale");
  assert.deepEqual(termsAskingFor(parseSelection("sales/*").tree, "status"), []);
  assert.equal(termsAskingFor(parsed.tree, "status").length, 1);
  const status = new Map<AssetDefinition, ReadonlySet<Status>>([
    [b as unknown as AssetDefinition, new Set(["stale", "missing"])],
    [c as unknown as AssetDefinition, new Set(["stale"])],
  ]);
  const keys = (selection: string): string[] =>
    evaluateSelection(parseSelection(selection), graph, { status }).assets.map(({ key }) => key);
  assert.deepEqual(keys("sales/* and status:stale"), ["sales/b"]);
  assert.deepEqual(keys("status:stale and not status:missing"), ["c"]);
  assert.deepEqual(keys("status:m*"), ["sales/b"]);
  assert.deepEqual(keys("status:held"), []);
});

test("in what assets have changed is asked for only where a selection uses it", () => {
  assert.equal(termsAskingFor(parseSelection("* and changed:code").tree, "changed").length, 1);
  assert.deepEqual(termsAskingFor(parseSelection("* and changed:code").tree, "status"), []);
  const changed = new Map<AssetDefinition, ReadonlySet<Change>>([
    [b as unknown as AssetDefinition, new Set(["code", "inputs"])],
    [c as unknown as AssetDefinition, new Set(["new"])],
  ]);
  const keys = (selection: string): string[] =>
    evaluateSelection(parseSelection(selection), graph, { changed }).assets.map(({ key }) => key);
  assert.deepEqual(keys("changed:*").toSorted(), ["c", "sales/b"]);
  assert.deepEqual(keys("changed:inputs"), ["sales/b"]);
  assert.deepEqual(keys("changed:partitions"), []);
});

test("what is chosen comes in the order of the graph, however it is written", () => {
  assert.equal(chosen("c-d c sales/a"), chosen("sales/a c c-d"));
});

test("a pattern is no regular expression, and in quotes a star is a star", () => {
  assert.equal(refused("c.d").code, "SELECTION_INVALID");
  for (const selection of ['key:"*"', '"*"', 'group:"s*"', "sales"]) {
    assert.equal(refused(selection).code, "SELECTION_EMPTY", selection);
  }
});

test("a term that matches nothing is an error that names and places it, also beside one that does", () => {
  assert.equal(refused("c nothing").message, "The selection «nothing» matches no asset");
  assert.deepEqual(refused("c nothing").place.selection, { text: "c nothing", position: 3 });
  assert.equal(refused("* and not nothing").details["selection"], "nothing");
  assert.equal(refused("c and side").message, "The selection «c and side» matches no asset");
  assert.equal(refused("").code, "SELECTION_EMPTY");
  assert.equal(refused(" , ").code, "SELECTION_EMPTY");
});

test("what may have been meant is suggested, for keys, values and attributes alike", () => {
  const meant = (selection: string): readonly string[] => refused(selection).suggestions;
  assert.deepEqual(meant("sied"), ["side"]);
  assert.deepEqual(meant("group:sals"), ["group:sales"]);
  assert.deepEqual(meant("owner:team:dat"), ["owner:team:data"]);
  assert.deepEqual(meant('endpoint:"GET /d"'), ['endpoint:"GET /b"', 'endpoint:"GET /c/:id"']);
  assert.deepEqual(meant("ownr:me"), ["owner:"]);
  assert.deepEqual(meant("status:stael"), ["stale"]);
  assert.deepEqual(meant("sink(c)"), ["sinks("]);
  assert.deepEqual(meant("zzzzzz"), []);
  assert.deepEqual(meant("z".repeat(60_000)), []);
});

test("a tag is one that was given, not one that every object has", () => {
  for (const name of ["toString", "constructor", "__proto__"]) {
    assert.equal(refused(`tag:${name}`).code, "SELECTION_EMPTY", name);
  }
});
