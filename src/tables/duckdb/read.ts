import type { Column } from "../../core/column/column.ts";
import { engineType, quoteName } from "../../core/column/engine-type.ts";
import { MillraceError } from "../../core/errors.ts";
import type { QueryLimits, Row, Statement } from "../../ports/table-engine.ts";
import { render } from "../sql/render.ts";
import { fit, type FittedColumn } from "../wire/fit.ts";
import { columnOfFound } from "../wire/found-type.ts";
import { readableColumns, rowsOfChunk } from "../wire/row-reader.ts";
import { faultReport } from "./fault-report.ts";
import type { FaultError, Ready, Session } from "./session.ts";
import { asSubquery, type StatementAnalysis } from "./statement-analysis.ts";

export interface ReadRequest extends QueryLimits {
  readonly statement: Statement;
  readonly columns?: readonly Column[];
  /** Read this many rows and no more. */
  readonly keep?: number;
}

const mismatch: FaultError = (reason) => new MillraceError("RESULT_MISMATCH", { step: "The query", reason });

/** All rows at once. */
export async function readRows(session: Session, request: ReadRequest): Promise<Row[]> {
  return session.withStatement(request.statement, request, mismatch, async (ready) => {
    const { text, from, columns } = reading(ready, request);
    const result = await ready.run(text);
    if (result.rowCount > (request.maxRows ?? Infinity)) throw tooMany(request);
    const rows: Row[] = [];
    for (let index = 0; index < result.chunkCount; index += 1) {
      const read = rowsOfChunk(result.getChunk(index), columns);
      if (read === undefined) throw mismatch(await faultReport(ready, columns, from));
      for (const row of read) rows.push(row);
    }
    return rows;
  });
}

/** Batches as the engine produces them; it stops when nobody asks for more. */
export async function* readBatches(
  session: Session,
  request: ReadRequest & { readonly size?: number },
): AsyncGenerator<Row[]> {
  const size = request.size ?? 2048;
  const rendered = render(request.statement);
  const lease = await session.lease(rendered.sources, request, mismatch);
  try {
    const { ready, from, columns, result } = await lease.run(async () => {
      const prepared = await session.ready(lease.connection, rendered);
      const { text, ...rest } = reading(prepared, request);
      return { ready: prepared, ...rest, result: await prepared.stream(text) };
    });
    let batch: Row[] = [];
    let rowCount = 0;
    for (;;) {
      const chunk = await lease.run(() => result.fetchChunk());
      if (chunk === null || chunk.rowCount === 0) break;
      rowCount += chunk.rowCount;
      if (rowCount > (request.maxRows ?? Infinity)) throw tooMany(request);
      const read = rowsOfChunk(chunk, columns);
      if (read === undefined) throw mismatch(await lease.run(() => faultReport(ready, columns, from)));
      batch = batch.concat(read);
      while (batch.length >= size) {
        yield batch.slice(0, size);
        batch = batch.slice(size);
      }
    }
    if (batch.length > 0) yield batch;
  } finally {
    lease.end();
  }
}

/** The statement made into one whose rows can be read. */
function reading(
  { analysis }: Ready,
  request: ReadRequest,
): { text: string; from: string; columns: readonly FittedColumn[] } {
  const columns = fittedColumns(analysis, request.columns);
  const most = request.keep ?? (request.maxRows === undefined ? undefined : request.maxRows + 1);
  const statement = `${asSubquery(analysis.text)} q`;
  const from = most === undefined ? statement : `(select * from ${statement} limit ${most}) q`;
  return { text: `select ${readableColumns(columns)} from ${from}`, from, columns };
}

/** The declared columns, or those that the statement happens to have. */
function fittedColumns(
  { columns }: StatementAnalysis,
  declared: readonly Column[] | undefined,
): readonly FittedColumn[] {
  if (declared !== undefined) {
    const fitted = fit(columns, declared, "drop");
    if (fitted.problems.length > 0) throw mismatch(fitted.problems.join("; "));
    return fitted.columns;
  }
  return columns.map(([name, found]) => {
    const column = name === "__proto__" ? undefined : columnOfFound(name, found);
    if (column === undefined)
      throw mismatch(`the column ${name} is ${found.name}, which the wire format does not hold; cast it`);
    const value = `q.${quoteName(name)}`;
    const same = found.name === engineType(column.type) || column.type.kind === "safe_integer";
    return { column, value: same ? value : `cast(${value} as ${engineType(column.type)})` };
  });
}

function tooMany({ maxRows }: QueryLimits): MillraceError {
  return new MillraceError("TOO_MANY_ROWS", { limit: maxRows ?? 0 });
}
