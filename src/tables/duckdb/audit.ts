import type { DuckDBConnection } from "@duckdb/node-api";
import type { CheckAnswer } from "../../core/check/check-answer.ts";
import { quoteName } from "../../core/column/engine-type.ts";
import { MillraceError } from "../../core/errors.ts";
import type { Audit, AuditRequest, TableSource } from "../../ports/table-engine.ts";
import { faultCounts } from "../wire/faults-of-row.ts";
import { ownAnswer } from "./audit-on-its-own.ts";
import { questionOf } from "./audit-question.ts";
import { dataVersionSums, dataVersionText } from "./data-version.ts";
import { engineFailure } from "./engine-failure.ts";
import type { FaultError, Session } from "./session.ts";
import { viewQuery } from "./view-query.ts";

const internal: FaultError = (reason) => new MillraceError("INTERNAL", { reason });

/** Rules, data version and violations of what was written, all that can be counted in one pass over the bytes. */
export async function auditTable(session: Session, request: AuditRequest): Promise<Audit> {
  const { columns } = request.source;
  const faults = faultCounts(columns.map((column) => ({ column, value: quoteName(column.name) })));
  const sums = [...dataVersionSums(columns), "version()"];
  const { rowCount, answers, further } = await ask(session, request, [...sums, ...faults.aggregates]);
  const [first, second, version, ...counts] = further;
  const dataVersion = dataVersionText(
    String(version),
    rowCount,
    BigInt(String(first)),
    BigInt(String(second)),
  );
  return { rowCount, dataVersion, answers, violations: faults.report(counts.map(Number), rowCount) };
}

/** The rules alone, in one pass. */
export async function checkTable(
  session: Session,
  request: AuditRequest,
): Promise<Pick<Audit, "rowCount" | "answers">> {
  const { rowCount, answers } = await ask(session, request, []);
  return { rowCount, answers };
}

interface Asked {
  readonly rowCount: number;
  readonly answers: readonly CheckAnswer[];
  /** Values of the further aggregates. */
  readonly further: readonly unknown[];
}

/** Everything that can be counted is counted in one pass over the bytes; what groups or reads more asks on its own. */
async function ask(
  session: Session,
  { source, rules, signal }: AuditRequest,
  further: readonly string[],
): Promise<Asked> {
  const questions = rules.map((rule) =>
    rule.rule === "no_rows" ? undefined : questionOf(rule, source.columns),
  );
  const counts = ["count(*)", ...further, ...questions.flatMap((question) => question?.counts ?? [])];
  const { values, table } = await session.withSources([], { signal }, internal, ({ duckdb }) =>
    readingFrom(duckdb, source, async () => {
      // Read in place: a version is audited once, and a view would be made for that alone.
      const table = `(${await viewQuery(duckdb, source)})`;
      const list = counts.map((count, index) => `${count} as c${index}`).join(", ");
      const [values = []] = await (await duckdb.run(`select ${list} from ${table}`)).getRows();
      return { values, table };
    }),
  );
  const rowCount = Number(values[0]);
  let next = 1 + further.length;
  const answers: CheckAnswer[] = [];
  for (const [index, rule] of rules.entries()) {
    const question = questions[index];
    const counted = (question?.counts ?? []).map(() => Number(values[next++]));
    const alone = rule.rule === "no_rows" || question?.query !== undefined;
    answers.push(
      alone
        ? await ownAnswer(session, { rule, question, counted, rowCount, source, table, signal })
        : (question?.answer(counted, rowCount) ?? unanswered(rule.rule)),
    );
  }
  return { rowCount, answers, further: values.slice(1, 1 + further.length) };
}

function unanswered(rule: string): never {
  throw internal(`the rule ${rule} was not answered`);
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
