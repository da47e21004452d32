import { DuckDBBlobValue, type DuckDBMaterializedResult } from "@duckdb/node-api";
import type { Column } from "../../core/column/column.ts";
import { MillraceError } from "../../core/errors.ts";
import type { Encoded, EncodeRequest, Row } from "../../ports/table-engine.ts";
import { fit, type FittedColumn } from "../wire/fit.ts";
import { csvHeader } from "../wire/row-text.ts";
import { encodingQuery, type EncodingQuery } from "./encoding-query.ts";
import { faultReport } from "./fault-report.ts";
import type { FaultError, Session } from "./session.ts";
import type { StatementAnalysis } from "./statement-analysis.ts";

export const invalid: FaultError = (reason) => new MillraceError("RESPONSE_INVALID", { reason });

/** The rows of an answer, encoded but not yet put together. */
interface EncodedRows {
  /** Rows with what separates them. */
  readonly text: string | Buffer;
  readonly rowCount: number;
  readonly faulty: boolean;
  readonly last?: Row;
}

/** The body of a response. Every value's text is made in the engine; JavaScript only puts rows together. */
export async function encode(session: Session, request: EncodeRequest): Promise<Encoded> {
  return session.withStatement(request.statement, request, invalid, async (ready) => {
    const query = encodingQuery(ready.analysis, request, session.threads, (columns) =>
      fittedForAnswer(ready.analysis, columns),
    );
    const result = await ready.run(query.text);
    const keep = request.keep ?? Infinity;
    const rows = query.form === "rows" ? readRowTexts(result, query, keep) : readAggregate(result);
    if (rows.rowCount > (request.maxRows ?? Infinity)) {
      throw new MillraceError("TOO_MANY_ROWS", { limit: request.maxRows ?? 0 });
    }
    if (request.shape === "one" && rows.rowCount > 1) {
      throw invalid("it is one object, and the statement gave several rows");
    }
    if (rows.faulty) throw invalid(await faultReport(ready, query.columns, query.from));
    query.rowCount = rows.rowCount;
    return {
      body: bodyOf(rows, request, query.columns),
      rowCount: rows.rowCount,
      deterministic: await ready.deterministic(),
      ...(request.keep === undefined ? {} : { more: result.rowCount > keep }),
      ...(rows.last === undefined ? {} : { last: rows.last }),
    };
  });
}

/** The statement's columns as the declared ones. @throws RESPONSE_INVALID */
export function fittedForAnswer(
  analysis: StatementAnalysis,
  columns: readonly Column[],
): readonly FittedColumn[] {
  const fitted = fit(analysis.columns, columns, "drop");
  if (fitted.problems.length > 0) throw invalid(fitted.problems.join("; "));
  return fitted.columns;
}

function readRowTexts(result: DuckDBMaterializedResult, query: EncodingQuery, keep: number): EncodedRows {
  const texts: string[] = [];
  const rowCount = Math.min(result.rowCount, keep);
  let last: unknown;
  for (let index = 0; texts.length < rowCount; index += 1) {
    const chunk = result.getChunk(index);
    const vector = chunk.getColumnVector(0);
    const rows = Math.min(chunk.rowCount, rowCount - texts.length);
    for (let row = 0; row < rows; row += 1) {
      const text = vector.getItem(row);
      if (typeof text !== "string") return { text: "", rowCount, faulty: true };
      texts.push(text);
    }
    if (query.givesLast) last = chunk.getColumnVector(1).getItem(rows - 1);
  }
  return { text: texts.join(query.separator), rowCount, faulty: false, ...lastOf(last) };
}

function readAggregate(result: DuckDBMaterializedResult): EncodedRows {
  const chunk = result.getChunk(0);
  const [encoded, rowCount, sound, last] = [0, 1, 2, 3].map((column) =>
    chunk.getColumnVector(column).getItem(0),
  );
  return {
    text:
      encoded instanceof DuckDBBlobValue
        ? Buffer.from(encoded.bytes.buffer, encoded.bytes.byteOffset, encoded.bytes.byteLength)
        : "",
    rowCount: Number(rowCount),
    faulty: rowCount !== sound,
    ...lastOf(last),
  };
}

function lastOf(json: unknown): { last?: Row } {
  return typeof json === "string" ? { last: JSON.parse(json) as Row } : {};
}

function bodyOf(
  rows: EncodedRows,
  { format, shape }: EncodeRequest,
  columns: readonly FittedColumn[],
): Buffer {
  const [before, after] =
    format === "csv" ? [csvHeader(columns), ""] : shape === "one" ? ["", ""] : ["[", "]"];
  if (typeof rows.text === "string") return Buffer.from(before + rows.text + after);
  return Buffer.concat([Buffer.from(before), rows.text, Buffer.from(after)]);
}
