/** What a database takes as a parameter. Booleans are 0 and 1, JSON is text, times are milliseconds. */
export type Param = string | number | null;

/** Text in the notation of `dialect.ts`, with one `?` for each parameter. */
export interface Statement {
  readonly text: string;
  readonly params: readonly Param[];
  /** Nobody looks at its rows: what follows may be sent before it is answered. */
  readonly unread?: boolean;
}

export type Row = Readonly<Record<string, unknown>>;

/**
 * What is done in one transaction, written once for all databases: a generator that yields statements and is given
 * their rows. SQLite runs it synchronously from `begin` to `commit`, so that nothing can wait inside a transaction
 * (N36); PostgreSQL runs the same script on one connection. When it throws, nothing of it remains.
 */
export type Script<T> = Generator<Statement, T, readonly Row[]>;

export function* all<R extends object>(text: string, ...params: readonly Param[]): Script<readonly R[]> {
  return (yield { text, params }) as unknown as readonly R[];
}

export function* first<R extends object>(text: string, ...params: readonly Param[]): Script<R | undefined> {
  return (yield { text, params })[0] as R | undefined;
}

export function* run(text: string, ...params: readonly Param[]): Script<void> {
  yield { text, params, unread: true };
}

type Cell = Param | undefined;
export type Cells = readonly Cell[];

/** Runs a statement that begins `with r as {rows …}`, for all rows at once; not at all when there are none. */
export function* forRows<R extends object>(
  text: string,
  rows: readonly Cells[],
  ...params: readonly Param[]
): Script<readonly R[]> {
  if (rows.length === 0) return [];
  return (yield { text, params: [asTable(rows), ...params] }) as unknown as readonly R[];
}

/** The same, where no rows come back. */
export function* runRows(text: string, rows: readonly Cells[], ...params: readonly Param[]): Script<void> {
  if (rows.length > 0) yield* run(text, asTable(rows), ...params);
}

/** The one parameter behind `{rows …}`. */
export function asTable(rows: readonly Cells[]): string {
  const json = JSON.stringify(rows);
  return unstorable.test(json) ? JSON.stringify(rows, (_, value: unknown) => storable(value)) : json;
}

/** A NUL or half a surrogate pair, as JSON writes them: PostgreSQL's text cannot hold them, so no database is given them. */
const unstorable = /\\u0000|\\ud[89a-f]/;

function storable(value: unknown): unknown {
  return typeof value === "string" ? storableText(value) : value;
}

/** For text that comes from outside and is a parameter of its own. */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\uFFFD");
}
