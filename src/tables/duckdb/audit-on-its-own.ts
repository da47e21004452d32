import { formatDuration } from "../../core/duration.ts";
import { noAnswer, type CheckAnswer } from "../../core/check/check-answer.ts";
import { counted } from "../../core/counted.ts";
import { MillraceError } from "../../core/errors.ts";
import type { AuditRule, QueryLimits, TableSource } from "../../ports/table-engine.ts";
import type { AuditQuestion } from "./audit-question.ts";
import { engineFailure } from "./engine-failure.ts";
import { readRows } from "./read.ts";
import { sampleText } from "./sample-text.ts";
import type { FaultError, Session } from "./session.ts";

/** A rule that no aggregate of the one pass answers. */
interface OwnQuestion {
  readonly rule: AuditRule;
  readonly question: AuditQuestion | undefined;
  /** Its aggregates' values in the one pass. */
  readonly counted: readonly number[];
  readonly rowCount: number;
  readonly source: TableSource;
  /** The source as SQL. */
  readonly table: string;
  readonly signal: AbortSignal | undefined;
}

/** How many rows a failed `no_rows` shows. */
const samples = 5;
const internal: FaultError = (reason) => new MillraceError("INTERNAL", { reason });

/** What is wrong with an author's statement fails the check; what is wrong with the bytes or the engine is thrown on. */
const failsTheCheck: ReadonlySet<string> = new Set([
  "SQL_FAILED",
  "SQL_NOT_A_SELECT",
  "SQL_NO_PARTITION",
  "SQL_READS_OUTSIDE",
  "SQL_UNKNOWN_TABLE",
  "SQL_VALUE_UNSUPPORTED",
  "RESULT_MISMATCH",
]);

/** Asks it in a query of its own, within its own time. */
export async function ownAnswer(session: Session, own: OwnQuestion): Promise<CheckAnswer> {
  const { rule, signal } = own;
  const { timeLimitMs } = rule;
  const bounded = { signal, timeLimitMs };
  try {
    return await (rule.rule === "no_rows"
      ? noRows(session, rule, bounded)
      : countedAnswer(session, own, bounded));
  } catch (error) {
    if (!(error instanceof MillraceError)) throw error;
    if (error.code === "QUERY_TIMED_OUT")
      return noAnswer(`it took longer than its limit of ${formatDuration(timeLimitMs ?? 0)}`);
    if (rule.rule === "no_rows" && failsTheCheck.has(error.code))
      return noAnswer(`its SQL cannot be run: ${error.message}`);
    throw error;
  }
}

async function countedAnswer(
  session: Session,
  { question, counted: inPass, rowCount, source, table }: OwnQuestion,
  limits: QueryLimits,
): Promise<CheckAnswer> {
  if (question?.query === undefined) throw internal("a rule has neither aggregates nor a query");
  const { query, reads } = question;
  const sources = reads === undefined ? [] : [reads];
  const row = await session.withSources(sources, limits, internal, async ({ duckdb }) => {
    try {
      const [first = []] = await (await duckdb.run(query(table))).getRows();
      return first;
    } catch (thrown) {
      // An interruption is told by whoever interrupted.
      const failure = await engineFailure(duckdb, thrown, [source, ...sources]);
      throw failure.code === "SQL_FAILED" ? thrown : failure;
    }
  });
  return question.answer([...inPass, ...row.map(Number)], rowCount);
}

async function noRows(
  session: Session,
  { statement }: Extract<AuditRule, { readonly rule: "no_rows" }>,
  limits: QueryLimits,
): Promise<CheckAnswer> {
  const rows = await readRows(session, { statement, keep: samples + 1, ...limits });
  const found = rows.length > samples ? `more than ${samples} rows` : counted(rows.length, "row");
  return rows.length === 0
    ? { passed: true, description: "no row was found", metadata: { rows: 0 } }
    : {
        passed: false,
        description: `${found} found where none should be: ${sampleText(rows)}`,
        metadata: { sample: rows.slice(0, samples) },
      };
}
