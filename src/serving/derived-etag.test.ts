import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { sql } from "../core/sql/sql.ts";
import type { SqlTree } from "../core/sql/sql-tree.ts";
import { bodyTag, derivedTag } from "./derived-etag.ts";

const tree = (statement: unknown): SqlTree => statement as SqlTree;
const request = {
  params: { id: "a" },
  query: { from: "2001-01-01", n: 1 },
  headers: undefined,
  body: undefined,
};
const statement = tree(sql`select * from t where a = ${1}`);

test("equal inputs give an equal strong tag, whatever the order of keys (N26)", () => {
  const tag = derivedTag("seed", "application/json", request, [statement]);
  assert.match(tag ?? "", /^"d-[\w-]{27}"$/);
  const other = { ...request, query: { n: 1, from: "2001-01-01" } };
  assert.equal(
    derivedTag("seed", "application/json", other, [tree(sql`select * from t where a = ${1}`)]),
    tag,
  );
});

test("whatever an answer depends on changes the tag (N26)", () => {
  const tags = [
    derivedTag("seed", "application/json", request, [statement]),
    derivedTag("other", "application/json", request, [statement]),
    derivedTag("seed", "text/csv", request, [statement]),
    derivedTag("seed", "application/json", { ...request, params: { id: "b" } }, [statement]),
    derivedTag("seed", "application/json", { ...request, query: { from: "2001-01-01" } }, [statement]),
    derivedTag("seed", "application/json", { ...request, query: { from: "2001-01-01", n: "1" } }, [
      statement,
    ]),
    derivedTag("seed", "application/json", { ...request, query: { from: "2001-01-01", n: 1n } }, [statement]),
    derivedTag("seed", "application/json", request, [tree(sql`select * from t where a = ${2}`)]),
    derivedTag("seed", "application/json", request, [tree(sql`select * from t where a = ${"1"}`)]),
    derivedTag("seed", "application/json", request, [tree(sql`select * from t where b = ${1}`)]),
    derivedTag("seed", "application/json", request, [tree(sql.one`select * from t where a = ${1}`)]),
    derivedTag("seed", "application/json", request, [statement, undefined]),
    derivedTag("seed", "application/json", request, [statement, statement]),
  ];
  assert.equal(new Set(tags).size, tags.length);
});

test("different bound values never share a tag", () => {
  const value = fc.oneof(
    fc.string(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.bigInt(),
    fc.boolean(),
    fc.constant(null),
    fc.date({ noInvalidDate: true }),
    fc.array(fc.string(), { maxLength: 3 }),
  );
  const tagOf = (values: readonly unknown[]) =>
    derivedTag("s", "j", request, [tree(sql`select ${values[0] as string}, ${values[1] as string}`)]);
  const same = (a: unknown, b: unknown): boolean => {
    try {
      assert.deepStrictEqual(a, b);
      return true;
    } catch {
      return false;
    }
  };
  fc.assert(
    fc.property(fc.tuple(value, value), fc.tuple(value, value), (a, b) => {
      assert.equal(tagOf(a) === tagOf(b), same(a, b));
    }),
  );
});

test("a request that has no canonical text has no derived tag", () => {
  const query = { list: new Map() };
  assert.equal(derivedTag("seed", "application/json", { ...request, query }, [statement]), undefined);
});

test("a body's tag tells formats apart", () => {
  assert.notEqual(bodyTag("", "text/csv"), bodyTag("", "application/json"));
  assert.notEqual(bodyTag("[1]", "application/json"), bodyTag("[2]", "application/json"));
});
