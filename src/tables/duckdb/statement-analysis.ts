import { StatementType, type DuckDBConnection } from "@duckdb/node-api";
import { MillraceError } from "../../core/errors.ts";
import type { Rendered } from "../sql/render.ts";
import { foundType, type FoundType } from "../wire/found-type.ts";
import { bind, signatureOf, type Parameter } from "./bind.ts";
import { isDeterministic } from "./determinism.ts";
import { refuseOutsideReads } from "./outside-reads.ts";

/** What is known of a statement before it runs. */
export interface StatementAnalysis {
  readonly text: string;
  /** Its columns in order. */
  readonly columns: readonly (readonly [name: string, type: FoundType])[];
  /** Asked for only where an answer may be vouched for. */
  readonly deterministic: (connection: DuckDBConnection) => Promise<boolean>;
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
    await refuseOutsideReads(connection, rendered.text);
    let deterministic: Promise<boolean> | undefined;
    const analysis: StatementAnalysis = {
      text: rendered.text,
      columns: await columnsOfSelect(connection, rendered.text, parameters),
      deterministic: (asked) => (deterministic ??= isDeterministic(asked, rendered)),
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

/** The columns of a text that is one SELECT. @throws SQL_NOT_A_SELECT */
async function columnsOfSelect(
  connection: DuckDBConnection,
  text: string,
  parameters: readonly Parameter[],
): Promise<StatementAnalysis["columns"]> {
  const refuse = (reason: string): MillraceError => new MillraceError("SQL_NOT_A_SELECT", { reason });
  const statements = await connection.extractStatements(text);
  if (statements.count !== 1) throw refuse(`it is ${statements.count} statements`);
  const statement = await statements.prepare(0);
  try {
    const type = statement.statementType;
    if (type !== StatementType.SELECT) throw refuse(`it is ${StatementType[type] ?? "another statement"}`);
    if (statement.parameterCount > 0) return await columnsOnceBound(connection, text, parameters);
    const names = Array.from({ length: statement.columnCount }, (_, index) => statement.columnName(index));
    // Two of one name are told apart as they would be in a subquery, which is what the text becomes.
    if (new Set(names.map((name) => name.toLowerCase())).size < names.length) {
      return await columnsOnceBound(connection, text, parameters);
    }
    return names.map((name, index) => [name, foundType(statement.columnType(index))] as const);
  } finally {
    statement.destroySync();
  }
}

/** Asks for no row: with parameters the types are only settled when the values are bound. */
async function columnsOnceBound(
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
