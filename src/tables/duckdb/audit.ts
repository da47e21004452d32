import type { DuckDBConnection } from "@duckdb/node-api";
import { counted } from "../../core/counted.ts";
import { MillraceError } from "../../core/errors.ts";
import { quoteName } from "../../core/column/engine-type.ts";
import type { Audit, AuditAnswer, AuditRule, TableSource } from "../../ports/table-engine.ts";
import { faultCounts } from "../wire/faults-of-row.ts";
import { questionOf, type AuditQuestion } from "./audit-question.ts";
import { dataVersionSums, dataVersionText } from "./data-version.ts";
import { engineFailure } from "./engine-failure.ts";
import { readRows } from "./read.ts";
import type { FaultError, Session } from "./session.ts";
import { sampleText } from "./sample-text.ts";
import { viewQuery } from "./view-query.ts";

export interface AuditRequest {
  readonly source: TableSource;
  readonly rules: readonly AuditRule[];
  readonly signal?: AbortSignal | undefined;
}

/** How many rows a failed `no_rows` shows. */
const samples = 5;
const internal: FaultError = (reason) => new MillraceError("INTERNAL", { reason });

/** Everything that can be counted is counted in one pass over the bytes; what groups or reads more asks on its own. */
export async function auditTable(session: Session, { source, rules, signal }: AuditRequest): Promise<Audit> {
  const questions = rules.map((rule) =>
    rule.rule === "no_rows" ? undefined : questionOf(rule, source.columns),
  );
  const faults = faultCounts(source.columns.map((column) => ({ column, value: quoteName(column.name) })));
  const counts = [
    "count(*)",
    ...dataVersionSums(source.columns),
    "version()",
    ...faults.aggregates,
    ...questions.flatMap((question) => question?.counts ?? []),
  ];
  const counted = await session.withSources([], { signal }, internal, ({ duckdb }) =>
    readingFrom(duckdb, source, async () => {
      // Read in place: a version is audited once, and a view would be made for that alone.
      const table = `(${await viewQuery(duckdb, source)})`;
      const list = counts.map((count, index) => `${count} as c${index}`).join(", ");
      const [values = []] = await (await duckdb.run(`select ${list} from ${table}`)).getRows();
      const own: number[][] = [];
      for (const question of questions) {
        const asked = question?.query === undefined ? undefined : await duckdb.run(question.query(table));
        const [row = []] = (await asked?.getRows()) ?? [];
        own.push(row.map(Number));
      }
      return { values, own };
    }),
  );

  const rowCount = Number(counted.values[0]);
  let next = 4;
  const take = (): number => Number(counted.values[next++]);
  const violations = faults.report(faults.aggregates.map(take), rowCount);
  const answers: AuditAnswer[] = [];
  for (const [index, rule] of rules.entries()) {
    const question: AuditQuestion | undefined = questions[index];
    if (question !== undefined) {
      const counts = [...question.counts.map(take), ...(counted.own[index] ?? [])];
      answers.push(question.answer(counts, rowCount));
    } else if (rule.rule === "no_rows") {
      answers.push(await noRows(session, rule, signal));
    }
  }
  return {
    rowCount,
    dataVersion: dataVersionText(
      String(counted.values[3]),
      rowCount,
      BigInt(String(counted.values[1])),
      BigInt(String(counted.values[2])),
    ),
    answers,
    violations,
  };
}

/** Failures to read the bytes are told as damage of the source. */
async function readingFrom<T>(
  connection: DuckDBConnection,
  source: TableSource,
  read: () => Promise<T>,
): Promise<T> {
  try {
    return await read();
  } catch (thrown) {
    throw await engineFailure(connection, thrown, [source]);
  }
}

async function noRows(
  session: Session,
  { statement }: Extract<AuditRule, { rule: "no_rows" }>,
  signal: AbortSignal | undefined,
): Promise<AuditAnswer> {
  const rows = await readRows(session, { statement, keep: samples + 1, signal });
  const found = rows.length > samples ? `more than ${samples} rows` : counted(rows.length, "row");
  return rows.length === 0
    ? { passed: true, description: "no row was found", metadata: { rows: 0 } }
    : {
        passed: false,
        description: `${found} found where none should be: ${sampleText(rows)}`,
        metadata: { sample: rows.slice(0, samples) },
      };
}
