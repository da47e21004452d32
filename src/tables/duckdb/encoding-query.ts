import type { Column } from "../../core/column/column.ts";
import type { EncodeRequest } from "../../ports/table-engine.ts";
import { text } from "../sql/literal.ts";
import { rowIsFaulty } from "../wire/faults-of-row.ts";
import type { FittedColumn } from "../wire/fit.ts";
import { csvRow, jsonRow } from "../wire/row-text.ts";
import { asSubquery, type StatementAnalysis } from "./statement-analysis.ts";

/** A statement made into one that gives its rows encoded. */
export interface EncodingQuery {
  readonly text: string;
  /**
   * `rows`: a row of text for each row, NULL for a faulty one; quickest to plan, so for small answers.
   * `aggregate`: all of it in one block of bytes; half the time for many rows.
   */
  readonly form: "rows" | "aggregate";
  readonly columns: readonly FittedColumn[];
  /** The statement's rows `q`, as far as they are wanted. */
  readonly from: string;
  readonly separator: string;
  readonly givesLast: boolean;
  /** How many rows it gave when it ran last. */
  rowCount: number;
}

/** Answers up to this many rows (a vector of the engine's) are taken row by row. */
const fewRows = 2048;

/** Queries made for a statement, by what was asked of it. Endpoints ask the same again and again. */
const made = new WeakMap<
  StatementAnalysis,
  Map<string, { declared: readonly Column[]; query: EncodingQuery }>
>();

export function encodingQuery(
  analysis: StatementAnalysis,
  request: EncodeRequest,
  threads: number,
  fitted: (declared: readonly Column[]) => readonly FittedColumn[],
): EncodingQuery {
  const limit = rowLimit(request);
  const key = `${request.format} ${request.shape} ${limit ?? "all"} ${request.keep ?? ""} ${(request.lastOf ?? []).join()}`;
  let queries = made.get(analysis);
  if (queries === undefined) made.set(analysis, (queries = new Map()));
  const known = queries.get(key);
  const same = known?.declared === request.columns ? known.query : undefined;
  // Both forms give the same bytes; the last answer's size tells which will be quicker. On several threads rows
  // would reach an aggregate in any order.
  const joined = threads === 1 && request.keep === undefined && (same?.rowCount ?? 0) > fewRows;
  const form = joined ? "aggregate" : "rows";
  if (same?.form === form) return same;
  const query = build(analysis, request, limit, form, same?.columns ?? fitted(request.columns));
  queries.set(key, { declared: request.columns, query });
  return query;
}

function rowLimit({ shape, keep, maxRows }: EncodeRequest): number | undefined {
  // One row more than is kept tells whether there are more.
  const limits = [
    keep === undefined ? undefined : keep + 1,
    maxRows === undefined ? undefined : maxRows + 1,
    shape === "one" ? 2 : undefined,
  ];
  const least = Math.min(...limits.map((limit) => limit ?? Infinity));
  return Number.isFinite(least) ? least : undefined;
}

function build(
  analysis: StatementAnalysis,
  { format, lastOf = [] }: EncodeRequest,
  limit: number | undefined,
  form: EncodingQuery["form"],
  columns: readonly FittedColumn[],
): EncodingQuery {
  const statement = `${asSubquery(analysis.text)} q`;
  const from = limit === undefined ? statement : `(select * from ${statement} limit ${limit}) q`;
  const separator = format === "json" ? "," : "";
  const row = format === "json" ? jsonRow(columns) : csvRow(columns);
  const givesLast = lastOf.length > 0;
  const last = givesLast
    ? `, ${jsonRow(columns.filter(({ column }) => lastOf.includes(column.name)))} as l`
    : "";
  const encoded = `case when ${rowIsFaulty(columns)} then null else ${row} end as r${last}`;
  return {
    // For a few rows most of the time goes into planning, and a subquery less is planned sooner.
    text:
      form === "rows"
        ? `select ${encoded} from ${statement}${limit === undefined ? "" : ` limit ${limit}`}`
        : `select encode(string_agg(r, ${text(separator)})), count(*), count(r), ${givesLast ? "last(l)" : "null"} from (select ${encoded} from ${from})`,
    form,
    columns,
    from,
    separator,
    givesLast,
    rowCount: 0,
  };
}
