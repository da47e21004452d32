import assert from "node:assert/strict";
import { test } from "node:test";
import type { Column, ColumnType } from "../core/column/column.ts";
import { page, type PageRequest } from "../core/endpoint/page.ts";
import { MillraceError } from "../core/errors.ts";
import { sql } from "../core/sql/sql.ts";
import { encodeCursor, type CursorValue } from "../http/cursor.ts";
import { RequestInvalid } from "../http/request-invalid.ts";
import { pageStatement } from "./page-statement.ts";

const column = (
  name: string,
  kind: "date" | "varchar" | "safe_integer" | "bigint",
  nullable = false,
): Column => ({
  name,
  type: { kind },
  nullable,
  rules: [],
});
const columns = [
  column("day", "date"),
  column("origin", "varchar"),
  column("n", "safe_integer"),
  column("id", "bigint"),
  column("maybe", "varchar", true),
];

function rendered(by: readonly [string, ...string[]], after?: string): string {
  const request = page(sql`select * from t -- note;`, { by, limit: 10, after }) as unknown as PageRequest;
  return pageStatement(request, columns)
    .parts.map((part) =>
      part.part === "text"
        ? part.text
        : part.part === "value"
          ? `‹${String(part.value)}›`
          : part.part === "identifier"
            ? `"${part.name}"`
            : "",
    )
    .join("");
}

test("the first page is ordered, and one row longer than it shows", () => {
  assert.equal(
    rendered(["day", "origin"]),
    'select * from (\nselect * from t -- note\n) as page order by "day", "origin" limit ‹11›',
  );
});

test("the next page begins after the key, whose values are bound with their types", () => {
  assert.equal(
    rendered(["day", "origin"], encodeCursor(["2001-01-02", "ATL"])),
    'select * from (\nselect * from t -- note\n) as page where "day" >= cast(‹2001-01-02› as DATE) and ("day" > cast(‹2001-01-02› as DATE) or ' +
      '("origin" > cast(‹ATL› as VARCHAR))) order by "day", "origin" limit ‹11›',
  );
});

test("a cursor that does not fit the key is a mistake in the query", () => {
  const bad: readonly CursorValue[][] = [
    ["2001-01-02"],
    ["2001-02-30", "ATL"],
    [1, "ATL"],
    ["2001-01-02", 5],
    ["2001-01-02", "ATL", 1],
  ];
  for (const cursor of ["", "x", "%%%", ...bad.map(encodeCursor)]) {
    assert.throws(
      () => rendered(["day", "origin"], cursor),
      (error: unknown) =>
        error instanceof RequestInvalid &&
        error.mistakes[0]?.path === "/after" &&
        error.mistakes[0].in === "query",
      cursor,
    );
  }
  assert.throws(() => rendered(["id"], encodeCursor(["9223372036854775808"])), RequestInvalid);
  assert.throws(() => rendered(["n"], encodeCursor([1.5])), RequestInvalid);
});

test("a page cannot be ordered by what may be null, is not returned or has no order", () => {
  const list: ColumnType = { kind: "list", element: column("element", "varchar") };
  for (const name of ["maybe", "unknown", "list"]) {
    const request = page(sql`select 1`, { by: [name], limit: 1 }) as unknown as PageRequest;
    assert.throws(
      () => pageStatement(request, [...columns, { name: "list", type: list, nullable: false, rules: [] }]),
      (error: unknown) =>
        error instanceof MillraceError && error.code === "RESPONSE_INVALID" && error.message.includes(name),
    );
  }
});
