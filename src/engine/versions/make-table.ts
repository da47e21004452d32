import { columnsOf } from "../../core/column/columns-of.ts";
import { MillraceError } from "../../core/errors.ts";
import { previousTable } from "../../core/sql/previous.ts";
import { SqlTree, type TableRef } from "../../core/sql/sql-tree.ts";
import type { CheckAnswer } from "../../core/check/check-answer.ts";
import { checkReads } from "../../core/check/check-reads.ts";
import { checksOfVersions } from "../../core/check/effective-scope.ts";
import { isQuery } from "../../core/asset/query-definition.ts";
import type { Reading } from "../../ports/asset-reader.ts";
import type { Audit, AuditRequest, Row, Statement, TableEngine } from "../../ports/table-engine.ts";
import { recordedBase } from "./append-base.ts";
import { appendRows, type WrittenRows } from "./append-rows.ts";
import { auditRule, engineChecks } from "../checks/audit-rules.ts";
import type { MadeVersion } from "./made-version.ts";
import { outputKey } from "../../core/plan/plan.ts";
import type { Attempt } from "../execution.ts";
import type { IntendedVersion } from "./intended-version.ts";
import { partitionOf } from "../steps/step-context.ts";
import { readableInputs } from "../steps/step-inputs.ts";

/** Writes a table's rows to one file, then reads that file back: rows, data version and checks are of what is really there. */
export async function makeTable(
  attempt: Attempt,
  { asset, versionId }: IntendedVersion,
  result: unknown,
  reading: Reading,
): Promise<MadeVersion> {
  const { step, execution, signal } = attempt;
  const { options } = execution;
  const name = outputKey(step, asset);
  if (asset.columns === undefined)
    throw new MillraceError("INTERNAL", { reason: `${asset.key} has no columns` });
  const { columns } = columnsOf(asset.key, asset.columns);
  const { file, path } = await options.store.place(asset.key, versionId, step.range, "parquet");
  const partition = partitionOf(step, execution);
  const from = contentOf(result, reading, partition, name);
  const written = await options.tables.write({ from, columns, path, signal, step: name });
  const own: WrittenRows = {
    files: [file],
    source: { key: asset.key, columns, parts: [{ part: "files", files: [path], columns }], id: versionId },
    bytes: written.bytes,
  };
  const { base } = attempt;
  const { files, source, bytes, counted } =
    base?.part === undefined
      ? own
      : await appendRows(attempt, { asset, versionId }, base.part, reading.source(previousTable), own);
  const inEngine = engineChecks(checksOfVersions(options.checksOf(asset), asset));
  const dependencies = new Map(inEngine.flatMap(({ rule }) => [...checkReads(rule)]));
  const others = readableInputs({ dependencies }, step, attempt.observed, execution);
  const compared = options.reader.read(others, { signal });
  const about = {
    self: source,
    partition,
    now: options.clock.now(),
    source: (table: TableRef) => compared.source(table),
  };
  const rules = inEngine.map((check) => auditRule(check, about));
  const audit = await audited({ source, rules, signal }, counted, options.tables);
  if (audit.violations.length > 0) {
    throw new MillraceError("RESULT_MISMATCH", { step: name, reason: audit.violations.join("; ") });
  }
  const answers = new Map<string, CheckAnswer>();
  inEngine.forEach((check, index) => {
    const answer = audit.answers[index];
    if (answer !== undefined) answers.set(check.name, answer);
  });
  return {
    version: {
      id: versionId,
      kind: "table",
      location: { store: options.store.name, files },
      dataVersion: audit.dataVersion,
      columns,
      rowCount: audit.rowCount,
      bytes,
      ...recordedBase(base),
      metadata: {},
    },
    answers,
  };
}

/** What is known already need not be counted again; the checks are of all rows. */
async function audited(
  request: AuditRequest,
  counted: WrittenRows["counted"],
  tables: TableEngine,
): Promise<Audit> {
  if (counted === undefined) return tables.audit(request);
  const { answers } = request.rules.length === 0 ? { answers: [] } : await tables.check(request);
  return { ...counted, answers, violations: [] };
}

function contentOf(
  result: unknown,
  reading: Reading,
  partition: Statement["partition"],
  step: string,
): Statement | AsyncIterable<readonly Row[]> {
  const statement = (sql: SqlTree): Statement => ({
    sql,
    source: (table) => reading.source(table),
    partition,
  });
  if (result instanceof SqlTree) return statement(result);
  if (isQuery(result)) return statement(result.sql);
  if (Array.isArray(result)) return once(result as readonly Row[]);
  if (isAsyncIterable(result)) return batched(result as AsyncIterable<Row | readonly Row[]>);
  const reason = "run must give sql`…`, a query, a list of rows or an async iterable of rows";
  throw new MillraceError("RESULT_MISMATCH", { step, reason });
}

async function* once(rows: readonly Row[]): AsyncGenerator<readonly Row[]> {
  yield rows;
}

async function* batched(rows: AsyncIterable<Row | readonly Row[]>): AsyncGenerator<readonly Row[]> {
  let batch: Row[] = [];
  for await (const item of rows) {
    if (Array.isArray(item)) batch.push(...(item as readonly Row[]));
    else batch.push(item as Row);
    if (batch.length >= 1_000) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

function isAsyncIterable(candidate: unknown): boolean {
  return typeof candidate === "object" && candidate !== null && Symbol.asyncIterator in candidate;
}
