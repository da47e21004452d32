import * as z from "zod";
import type { Column, ColumnType } from "../core/column/column.ts";
import { engineType } from "../core/column/engine-type.ts";
import type { PageRequest } from "../core/endpoint/page.ts";
import { MillraceError } from "../core/errors.ts";
import type { SqlPart, SqlTree } from "../core/sql/sql-tree.ts";
import { decodeCursor, encodeCursor, nextPageLink, type CursorValue } from "../http/cursor.ts";
import { RequestInvalid } from "../http/request-invalid.ts";
import type { AnswerBody } from "./answer.ts";
import { wrappedStatement } from "./wrapped-statement.ts";

/**
 * The statement of one page: the rows after the cursor's key, in the key's order. It gives one row more than the page
 * shows, which tells whether there is another page.
 *
 * @throws REQUEST_INVALID for a cursor that this endpoint has not given; RESPONSE_INVALID when `by` cannot order a page
 */
export function pageStatement(page: PageRequest, columns: readonly Column[]): SqlTree {
  const key = page.by.map((name) => keyColumn(name, columns));
  const parts: SqlPart[] = [text(" as page")];
  if (page.after !== undefined) parts.push(text(" where "), ...after(key, cursorValues(page.after, key)));
  for (const [index, column] of key.entries()) {
    parts.push(text(index === 0 ? " order by " : ", "), { part: "identifier", name: column.name });
  }
  parts.push(text(" limit "), { part: "value", value: page.limit + 1 });
  return wrappedStatement("select * from", page.sql, parts);
}

/** The `Link` header of a page, if another one follows it; names and values in turn. */
export function pageLink(
  { by, limit }: PageRequest,
  { last, more, rowCount = 0 }: Pick<AnswerBody, "last" | "more" | "rowCount">,
  url: string,
): readonly string[] {
  if (last === undefined || !(more ?? rowCount >= limit)) return [];
  return ["Link", nextPageLink(url, encodeCursor(by.map((name) => last[name] as CursorValue)))];
}

function text(value: string): SqlPart {
  return { part: "text", text: value };
}

function keyColumn(name: string, columns: readonly Column[]): Column {
  const column = columns.find((candidate) => candidate.name === name);
  const refuse = (reason: string): MillraceError =>
    new MillraceError("RESPONSE_INVALID", { reason: `it is paged by ${name}, ${reason}` });
  if (column === undefined) throw refuse("which is not among the columns it returns");
  if (column.nullable) throw refuse("which may be null, so that rows would fall between pages");
  if (cursorSchema(column.type) === undefined) throw refuse(`whose type ${column.type.kind} has no order`);
  return column;
}

function cursorValues(cursor: string, key: readonly Column[]): readonly CursorValue[] {
  const values = decodeCursor(cursor);
  const fits =
    values?.length === key.length &&
    key.every((column, index) => cursorSchema(column.type)?.safeParse(values[index]).success === true);
  if (fits) return values;
  const message = "is no cursor of this list; take it from the Link header of the page before";
  throw new RequestInvalid([{ in: "query", path: "/after", message, code: "invalid_cursor" }]);
}

/**
 * Rows after the key, column by column: `a >= x and (a > x or (b > y))`. Said like this rather than as `(a, b) > (x, y)`
 * the engine can use the first column to skip what it need not read.
 */
function after(key: readonly Column[], values: readonly CursorValue[]): SqlPart[] {
  const [column, ...others] = key;
  const [value, ...otherValues] = values;
  if (column === undefined || value === undefined) return [text("false")];
  const compare = (operator: string): SqlPart[] => [
    { part: "identifier", name: column.name },
    text(` ${operator} cast(`),
    ...(column.type.kind === "blob" ? [text("from_base64("), bound(value), text(")")] : [bound(value)]),
    text(` as ${engineType(column.type)})`),
  ];
  if (others.length === 0) return compare(">");
  return [
    ...compare(">="),
    text(" and ("),
    ...compare(">"),
    text(" or ("),
    ...after(others, otherValues),
    text("))"),
  ];
}

function bound(value: CursorValue): SqlPart {
  return { part: "value", value };
}

/** What a key's value looks like in JSON; undefined for types without an order. */
function cursorSchema(type: ColumnType): z.ZodType | undefined {
  return cursorSchemas[type.kind];
}

const wholeNumber = z.string().regex(/^-?\d{1,20}$/);
const cursorSchemas: Readonly<Record<ColumnType["kind"], z.ZodType | undefined>> = {
  varchar: z.string(),
  boolean: z.boolean(),
  integer: z.int32(),
  uinteger: z.uint32(),
  safe_integer: z.int(),
  bigint: wholeNumber.refine((digits) => BigInt.asIntN(64, BigInt(digits)) === BigInt(digits)),
  ubigint: wholeNumber.refine((digits) => BigInt.asUintN(64, BigInt(digits)) === BigInt(digits)),
  float: z.number(),
  double: z.number(),
  decimal: z.string().regex(/^-?\d{1,38}(?:\.\d{1,38})?$/),
  date: z.iso.date(),
  time: z.iso.time(),
  timestamp: z.iso.datetime({ local: true }),
  timestamptz: z.iso.datetime(),
  uuid: z.guid(),
  blob: z.base64(),
  list: undefined,
  struct: undefined,
};
