/**
 * In what SQLite's and PostgreSQL's SQL differ, as far as it is used here. Statements are written once, with `?` for
 * parameters and these words in braces:
 *
 * - `{rows a integer, b text}` a table made of one parameter, a JSON array of arrays: as many rows as there are, and
 *   always the same text, so that it is prepared once
 * - `{now}` milliseconds since the epoch by the database's clock (N35)
 * - `{join}` a join that begins with the table on its left: SQLite does not know how few `{rows}` there are
 * - `{lock}` at the end of a select: keeps the rows from others until the transaction ends
 *
 * and in migrations:
 *
 * - `{id}` a number given by the database and never given again
 * - `{sequence}` a number given by the database that grows
 * - `{plain}`, `{keyed}` at the end of a table: rows lie in order of arrival, or of their primary key
 */
export interface Dialect {
  readonly now: string;
  readonly join: string;
  readonly lock: string;
  readonly id: string;
  readonly sequence: string;
  readonly plain: string;
  readonly keyed: string;
  /** The type of whole numbers up to 2⁵³ in a table. */
  readonly integer: string;
  /** The type of text in a table: compared and sorted byte by byte, by no language's rules. */
  readonly text: string;
  parameter(index: number): string;
  rows(columns: readonly RowColumn[]): string;
  /** Keeps two processes from migrating at once; undefined where the transaction itself does. */
  readonly migrationLock?: string;
}

export interface RowColumn {
  readonly name: string;
  readonly type: "integer" | "text";
}

/** Writes a statement as the database wants it. */
export function translate(dialect: Dialect, text: string): string {
  let index = 0;
  const words = text.replace(
    /\{(now|join|lock|id|sequence|plain|keyed|rows ([^}]*))\}/g,
    (_, word: string, columns?: string) =>
      columns === undefined ? dialect[word as "now"] : dialect.rows(columns.split(",").map(rowColumn)),
  );
  return words.replace(/\?/g, () => dialect.parameter((index += 1)));
}

/** A migration: statements that each end with a semicolon at the end of a line. */
export function translateSchema(dialect: Dialect, text: string): readonly string[] {
  return text
    .split(/;\s*(?:\n|$)/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== "")
    .map((statement) =>
      translate(
        dialect,
        statement.replace(/\b(integer|text)\b/g, (type) => dialect[type as "text"]),
      ),
    );
}

function rowColumn(text: string): RowColumn {
  const [name, type] = text.trim().split(/\s+/);
  if (name === undefined || (type !== "integer" && type !== "text")) throw new TypeError(`{rows …}: ${text}`);
  return { name, type };
}
