import * as z from "zod";
import type { EndpointDefinition } from "../core/endpoint/endpoint-definition.ts";
import { rowSchema } from "../core/endpoint/returned-columns.ts";
import { MillraceError } from "../core/errors.ts";
import type { SqlTree } from "../core/sql/sql-tree.ts";
import type { Reading } from "../ports/asset-reader.ts";
import type { QueryLimits, Row, Statement, TableEngine } from "../ports/table-engine.ts";
import { csv, type ServedEndpoint } from "./served-endpoint.ts";
import { csvOf, wireValue } from "./wire-value.ts";

/** The bytes of an answer, and what is known of how they came about. */
export interface AnswerBody {
  readonly body: Buffer | string;
  /** Undefined for what is no list. */
  readonly rowCount: number | undefined;
  /** Given the same data and SQL it would be the same again. */
  readonly deterministic: boolean;
  /** Of a page: is there another one? Undefined when the engine does not say. */
  readonly more?: boolean;
  /** Values of the key of a page, in its last row. */
  readonly last?: Row;
}

export interface StatementAnswer {
  readonly sql: SqlTree;
  readonly reading: Reading;
  readonly mediaType: string;
  readonly limits: QueryLimits;
  /** For a page: its key, and how many rows it shows. */
  readonly page?: { readonly by: readonly string[]; readonly limit: number };
}

/** SQL with what the tables in it stand for. */
export function statementOver(sql: SqlTree, reading: Reading): Statement {
  return { sql, source: (table) => reading.source(table) };
}

/** Runs the one statement that is the answer. An object without a row is undefined. */
export async function answerStatement(
  served: ServedEndpoint,
  engine: TableEngine,
  answer: StatementAnswer,
): Promise<AnswerBody | undefined> {
  const { columns } = served;
  const { sql, reading, mediaType, page } = answer;
  const statement = statementOver(sql, reading);
  const limits = { ...answer.limits, maxRows: served.definition.maxRows };
  if (columns === undefined) return answerUntyped(served, engine, statement, limits);
  const shape = sql.rows === "one" ? "one" : "list";
  checkShape(served, shape);
  const encoded = await engine.encode({
    ...limits,
    statement,
    columns,
    format: mediaType === csv ? "csv" : "json",
    shape,
    ...(page === undefined ? {} : { lastOf: page.by, keep: page.limit }),
  });
  return shape === "one" && encoded.rowCount === 0 ? undefined : encoded;
}

function checkShape({ definition, offered }: ServedEndpoint, shape: "one" | "list"): void {
  const returned = offered.includes(csv) ? "list" : "one";
  if (returned === shape) return;
  const reason =
    shape === "one"
      ? "sql.one gives one object, and returns is a list"
      : "sql gives a list, and returns is one object";
  throw new MillraceError("RESPONSE_INVALID", { reason }, { place: { endpoint: definition.route } });
}

/** Without `returns` the engine's own columns are shown. Slower, row by row; and nothing is known of its functions. */
async function answerUntyped(
  { definition }: ServedEndpoint,
  engine: TableEngine,
  statement: Statement,
  limits: QueryLimits,
): Promise<AnswerBody | undefined> {
  if (definition.returns !== undefined) {
    const reason = "returns is neither an object nor a list of objects, so SQL cannot give it";
    throw new MillraceError("RESPONSE_INVALID", { reason }, { place: { endpoint: definition.route } });
  }
  const rows = await engine.rows({ ...limits, statement });
  if (statement.sql.rows === "many") {
    return { body: JSON.stringify(wireValue(rows)), rowCount: rows.length, deterministic: false };
  }
  const [row, second] = rows;
  if (second !== undefined) {
    throw new MillraceError("RESPONSE_INVALID", {
      reason: "it is one object, and the statement gave several rows",
    });
  }
  return row && { body: JSON.stringify(wireValue(row)), rowCount: undefined, deterministic: false };
}

/** A value that the handler computed, checked against `returns`. */
export async function answerValue(
  served: ServedEndpoint,
  value: unknown,
  mediaType: string,
): Promise<AnswerBody> {
  const { definition } = served;
  const checked = await checkedValue(definition, value);
  if (Array.isArray(checked) && checked.length > definition.maxRows) {
    throw new MillraceError("TOO_MANY_ROWS", { limit: definition.maxRows });
  }
  const wire = wireValue(checked);
  const rowCount = Array.isArray(wire) ? wire.length : undefined;
  const body = mediaType === csv ? csvOf(columnNames(definition), wire as Row[]) : JSON.stringify(wire);
  return { body, rowCount, deterministic: false };
}

async function checkedValue({ returns, route }: EndpointDefinition, value: unknown): Promise<unknown> {
  if (returns === undefined) return value;
  const parsed = await z.core.safeParseAsync(returns, value);
  if (parsed.success) return parsed.data;
  const shown = parsed.error.issues
    .slice(0, 5)
    .map((issue) => `at /${issue.path.map(String).join("/")}, ${issue.message}`)
    .join("; ");
  throw new MillraceError("RESPONSE_INVALID", { reason: shown }, { place: { endpoint: route } });
}

function columnNames({ returns }: EndpointDefinition): readonly string[] {
  return Object.keys(rowSchema(returns)?._zod.def.shape ?? {});
}
