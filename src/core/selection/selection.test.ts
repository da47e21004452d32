import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import * as z from "zod";
import type { AssetDefinition } from "../asset/asset-definition.ts";
import type { AnyAsset } from "../asset/asset-types.ts";
import { asset, externalAsset } from "../asset/asset.ts";
import { source } from "../asset/source.ts";
import { MillraceError } from "../errors.ts";
import { ProjectGraph } from "../project/project-graph.ts";
import { sql } from "../sql/sql.ts";
import { select } from "./selection.ts";

const N = z.object({ n: z.int() });
// raw → a → b → c → d, and a → side
const raw = externalAsset("raw", { columns: N, source: source.csv("x.csv") });
const a = asset("sales/a", { columns: N, group: "sales", tags: { tier: "gold" }, sql: sql`from ${raw}` });
const b = asset("sales/b", {
  columns: N,
  group: "sales",
  tags: { tier: "silver", pii: "" },
  sql: sql`from ${a}`,
});
const c = asset("c", { value: z.number(), tags: { formula: "x=1" }, deps: { b }, run: () => 1 });
const d = asset("c.d".replace(".", "-"), { file: "text/plain", deps: { c }, run: () => "" });
const side = asset("side", { columns: N, sql: sql`from ${a}` });
const graph = new ProjectGraph({ assets: [raw, a, b, c, d, side] as unknown as AssetDefinition[] });
const chosen = (selection: string): string =>
  select(selection, graph)
    .map(({ key }) => key)
    .join(" ");
const refused = (selection: string): MillraceError => {
  try {
    select(selection, graph);
  } catch (error) {
    if (error instanceof MillraceError) return error;
    throw error;
  }
  return assert.fail(`${selection} was not refused`);
};

test("a selection names keys, parts of them, groups, tags and kinds; terms add up", () => {
  const expected = {
    c: "c",
    "sales/a": "sales/a",
    "sales/*": "sales/a sales/b",
    "*/b": "sales/b",
    "*s*": "sales/a sales/b side",
    "*": "raw sales/a sales/b c c-d side",
    "key:c": "c",
    "group:sales": "sales/a sales/b",
    "tag:tier": "sales/a sales/b",
    "tag:tier=silver": "sales/b",
    "tag:pii=": "sales/b",
    "tag:formula=x=1": "c",
    "kind:file": "c-d",
    "kind:value kind:file": "c c-d",
    "side,c": "c side",
    "  c ,\n side  ": "c side",
    "c c c": "c",
  };
  for (const [selection, keys] of Object.entries(expected)) assert.equal(chosen(selection), keys, selection);
});

test("a plus adds what lies upstream or downstream, a number how far", () => {
  const expected = {
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
  };
  for (const [selection, keys] of Object.entries(expected)) assert.equal(chosen(selection), keys, selection);
});

test("what is chosen comes in the order of the graph, however it is written", () => {
  assert.equal(chosen("c-d c sales/a"), chosen("sales/a c c-d"));
});

test("a pattern is no regular expression, and a key no pattern", () => {
  assert.equal(refused("c.d").code, "SELECTION_INVALID");
  assert.equal(refused("key:*").code, "SELECTION_EMPTY");
  assert.equal(refused("sales").code, "SELECTION_EMPTY");
});

test("a term that matches nothing is an error that names it, also beside one that does", () => {
  assert.equal(refused("c nothing").message, "The selection «nothing» matches no asset");
  assert.equal(refused("").code, "SELECTION_EMPTY");
  assert.equal(refused(" , ").code, "SELECTION_EMPTY");
});

test("a tag is one that was given, not one that every object has", () => {
  for (const name of ["toString", "constructor", "__proto__"]) {
    assert.equal(refused(`tag:${name}`).code, "SELECTION_EMPTY", name);
  }
});

test("what is not understood is shown by its character", () => {
  const position = (selection: string): [number, string] => {
    const { code, details } = refused(selection);
    assert.equal(code, "SELECTION_INVALID");
    return [Number(details["position"]), String(details["reason"])];
  };
  assert.deepEqual(position("c, ?x"), [4, "«?x» is no key"]);
  assert.deepEqual(position("c 2+?x"), [5, "«?x» is no key"]);
  assert.deepEqual(position("a++b"), [1, "«a++b» is no term"]);
  assert.deepEqual(position("c + "), [3, "«+» is no term"]);
  assert.deepEqual(position("c owner:me"), [
    3,
    "there is no attribute owner; there are key, group, kind and tag",
  ]);
  assert.deepEqual(position("+group:"), [2, "«group:» is no key"]);
});

test("on any graph a term reaches exactly what the levels say", () => {
  const edges = fc.array(fc.tuple(fc.nat(9), fc.nat(9)), { maxLength: 25 });
  const levels = fc.oneof(fc.constant(""), fc.nat(4).map(String));
  const terms = fc.array(
    fc.record({ at: fc.nat(9), up: fc.boolean(), down: fc.boolean(), above: levels, below: levels }),
    {
      minLength: 1,
      maxLength: 3,
    },
  );
  fc.assert(
    fc.property(edges, terms, (pairs, wanted) => {
      const made: AssetDefinition[] = [];
      const upstream: number[][] = [];
      for (let index = 0; index < 10; index += 1) {
        upstream.push([
          ...new Set(pairs.filter(([from, to]) => from === index && to < index).map(([, to]) => to)),
        ]);
        const deps = Object.fromEntries(
          (upstream[index] ?? []).map((to) => [`d${to}`, made[to] as unknown as AnyAsset]),
        );
        made.push(
          asset(`a${index}`, { value: z.number(), deps, run: () => 1 }) as unknown as AssetDefinition,
        );
      }
      const near = (of: number, depth: number, next: (index: number) => readonly number[]): Set<number> =>
        depth === 0
          ? new Set([of])
          : new Set([of, ...next(of).flatMap((other) => [...near(other, depth - 1, next)])]);
      const depth = (text: string): number => (text === "" ? 10 : Number(text));
      const expected = new Set<number>();
      for (const { at, up, down, above, below } of wanted) {
        expected.add(at);
        if (up)
          for (const found of near(at, depth(above), (index) => upstream[index] ?? [])) expected.add(found);
        const below1 = (index: number): number[] =>
          [...upstream.keys()].filter((other) => upstream[other]?.includes(index));
        if (down) for (const found of near(at, depth(below), below1)) expected.add(found);
      }
      const text = wanted.map(
        ({ at, up, down, above, below }) => `${up ? `${above}+` : ""}a${at}${down ? `+${below}` : ""}`,
      );
      const found = select(text.join(" "), new ProjectGraph({ assets: made }));
      assert.deepEqual(
        found.map(({ key }) => key).toSorted(),
        [...expected].map((index) => `a${index}`).toSorted(),
      );
    }),
  );
});
