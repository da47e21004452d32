import { DuckDBBlobValue } from "@duckdb/node-api";
import type { Column } from "../../core/column/column.ts";
import { MillraceError } from "../../core/errors.ts";
import type { Encoded, EncodeRequest, Row } from "../../ports/table-engine.ts";
import { text } from "../sql/literal.ts";
import { checked } from "../wire/checked.ts";
import { fit, type FittedColumn } from "../wire/fit.ts";
import { csvCell, jsonText } from "../wire/wire-text.ts";
import type { FaultError, Ready, Session } from "./session.ts";
import { asSubquery, type StatementAnalysis } from "./statement-analysis.ts";

export const invalid: FaultError = (reason) => new MillraceError("RESPONSE_INVALID", { reason });

/** The body of a response, made in the engine: JavaScript sees one block of bytes, however many rows there are. */
export async function encode(session: Session, request: EncodeRequest): Promise<Encoded> {
  return session.withStatement(request.statement, request, invalid, async (ready) => {
    const query = encodingQuery(ready, request, session.threads);
    const result = await ready.run(query);
    const chunk = result.getChunk(0);
    const rowCount = Number(chunk.getColumnVector(1).getItem(0));
    if (rowCount > (request.maxRows ?? Infinity)) {
      throw new MillraceError("TOO_MANY_ROWS", { limit: request.maxRows ?? 0 });
    }
    if (request.shape === "one" && rowCount > 1)
      throw invalid("it is one object, and the statement gave several rows");
    const bytes = chunk.getColumnVector(0).getItem(0);
    const last = chunk.getColumnVector(2).getItem(0);
    return {
      body: bytes instanceof DuckDBBlobValue ? bufferOf(bytes.bytes) : Buffer.alloc(0),
      rowCount,
      deterministic: ready.analysis.deterministic,
      ...(typeof last === "string" ? { last: JSON.parse(last) as Row } : {}),
    };
  });
}

/** Fails as `encode` would over the statement's columns, without running it. */
export function checkColumns(
  analysis: StatementAnalysis,
  columns: readonly Column[],
): readonly FittedColumn[] {
  const fitted = fit(analysis.columns, columns, "drop");
  if (fitted.problems.length > 0) throw invalid(fitted.problems.join("; "));
  return fitted.columns;
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Texts made for a statement, by what was asked of it. Endpoints ask the same again and again. */
const made = new WeakMap<StatementAnalysis, Map<string, { columns: readonly Column[]; query: string }>>();

function encodingQuery(ready: Ready, request: EncodeRequest, threads: number): string {
  const limit = rowLimit(request);
  const key = `${request.format} ${request.shape} ${limit ?? "all"} ${(request.lastOf ?? []).join()}`;
  let queries = made.get(ready.analysis);
  if (queries === undefined) made.set(ready.analysis, (queries = new Map()));
  const known = queries.get(key);
  if (known?.columns === request.columns) return known.query;
  const query = buildQuery(ready, request, limit, threads);
  queries.set(key, { columns: request.columns, query });
  return query;
}

function rowLimit({ shape, keep, maxRows }: EncodeRequest): number | undefined {
  const limits = [keep, maxRows === undefined ? undefined : maxRows + 1, shape === "one" ? 2 : undefined];
  const least = Math.min(...limits.map((limit) => limit ?? Infinity));
  return Number.isFinite(least) ? least : undefined;
}

function buildQuery(
  ready: Ready,
  request: EncodeRequest,
  limit: number | undefined,
  threads: number,
): string {
  const columns = checkColumns(ready.analysis, request.columns);
  const limited = limit === undefined ? "" : ` limit ${limit}`;
  // On one thread rows reach the aggregate in the statement's order; on several they have to be numbered for it.
  const [number, order] = threads === 1 ? ["", ""] : [", row_number() over () as n", " order by n"];
  const last = lastRow(columns, request.lastOf ?? []);
  const rows =
    `select ${request.format === "json" ? jsonRow(columns) : csvRow(columns)} as r, ${last} as l${number} ` +
    `from (select * from ${asSubquery(ready.rendered.text)} q${limited}) q`;
  return `select encode(${body(request, columns, order)}), count(*), last(l${order}) from (${rows})`;
}

function body({ format, shape }: EncodeRequest, columns: readonly FittedColumn[], order: string): string {
  if (format === "csv") {
    const header = columns.map(({ column }) => csvName(column.name)).join(",");
    return `${text(`${header}\r\n`)} || coalesce(string_agg(r, ''${order}), '')`;
  }
  if (shape === "one") return `string_agg(r, ','${order})`;
  return `'[' || coalesce(string_agg(r, ','${order}), '') || ']'`;
}

function csvName(name: string): string {
  return /[",\r\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
}

function csvRow(columns: readonly FittedColumn[]): string {
  const cells = columns.map(({ column, value }) => checked(column, value, csvCell(value, column.type)));
  return `concat(${[...cells.flatMap((cell, index) => (index === 0 ? [cell] : ["','", cell])), "chr(13) || chr(10)"].join(", ")})`;
}

function jsonRow(columns: readonly FittedColumn[]): string {
  const pieces = columns.flatMap(({ column, value }, index) => [
    text(`${index === 0 ? "{" : ","}${JSON.stringify(column.name)}:`),
    checked(column, value, jsonValue(column, value)),
  ]);
  return `concat(${[...pieces, "'}'"].join(", ")})`;
}

function jsonValue(column: Column, value: string): string {
  const json = jsonText(value, column.type);
  return column.nullable ? `coalesce(${json}, 'null')` : json;
}

/** The asked columns of a row as a JSON object; what is wanted is that of the last row. */
function lastRow(columns: readonly FittedColumn[], names: readonly string[]): string {
  if (names.length === 0) return "null::varchar";
  return jsonRow(columns.filter(({ column }) => names.includes(column.name)));
}
