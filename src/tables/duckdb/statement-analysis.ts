import { StatementType, type DuckDBConnection } from "@duckdb/node-api";
import { MillraceError, reasonOf } from "../../core/errors.ts";
import type { Rendered } from "../sql/render.ts";
import { foundType, type FoundType } from "../wire/found-type.ts";
import { bind, signatureOf, type Parameter } from "./bind.ts";
import { isDeterministic } from "./determinism.ts";

/** What is known of a statement before it runs. */
export interface StatementAnalysis {
  readonly text: string;
  /** Its columns in order. */
  readonly columns: readonly (readonly [name: string, type: FoundType])[];
  readonly deterministic: boolean;
}

/** How many statements' analyses are kept. */
const kept = 2000;

/** Analyses by text and types of parameters, for they decide the columns' types. */
export class StatementAnalyses {
  readonly #known = new Map<string, StatementAnalysis>();

  async of(
    connection: DuckDBConnection,
    rendered: Rendered,
    parameters: readonly Parameter[],
  ): Promise<StatementAnalysis> {
    const key = `${signatureOf(parameters)}\n${rendered.text}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    await checkSelect(connection, rendered.text);
    const analysis: StatementAnalysis = {
      text: rendered.text,
      columns: await columnsOfStatement(connection, rendered.text, parameters),
      deterministic: await isDeterministic(connection, rendered),
    };
    this.#known.set(key, analysis);
    if (this.#known.size > kept) this.#known.delete(this.#known.keys().next().value ?? "");
    return analysis;
  }
}

/** The text as something that can be selected from. */
export function asSubquery(text: string): string {
  // A comment at the end would swallow the bracket, so that stands on a line of its own.
  return `(${text.replace(/;\s*$/, "")}\n)`;
}

async function checkSelect(connection: DuckDBConnection, text: string): Promise<void> {
  const refuse = (reason: string): MillraceError => new MillraceError("SQL_NOT_A_SELECT", { reason });
  let statements;
  try {
    statements = await connection.extractStatements(text);
  } catch (thrown) {
    throw new MillraceError("SQL_FAILED", { reason: reasonOf(thrown) }, { cause: thrown });
  }
  if (statements.count !== 1) throw refuse(`it is ${statements.count} statements`);
  const statement = await statements.prepare(0);
  const type = statement.statementType;
  statement.destroySync();
  if (type !== StatementType.SELECT) throw refuse(`it is ${StatementType[type] ?? "another statement"}`);
}

/** Asks for no row: the types are only settled when the values are bound, so preparing alone would not do. */
async function columnsOfStatement(
  connection: DuckDBConnection,
  text: string,
  parameters: readonly Parameter[],
): Promise<StatementAnalysis["columns"]> {
  const statement = await connection.prepare(`select * from ${asSubquery(text)} limit 0`);
  try {
    bind(statement, parameters);
    const result = await statement.run();
    return result.columnNames().map((name, index) => [name, foundType(result.columnType(index))] as const);
  } finally {
    statement.destroySync();
  }
}
