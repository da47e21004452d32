import type { TableAsset } from "../asset/asset-types.ts";
import type { TableHandle } from "../asset/handle.ts";
import type { Tagged } from "../brand.ts";
import { DefinitionSite } from "../definition-site.ts";
import { MillraceError } from "../errors.ts";
import type { Param } from "../partition/partition-types.ts";
import { previousFragment } from "./previous.ts";
import { partitionBound, SqlTree, tableRef, type SqlPart, type SqlValue, type TableRef } from "./sql-tree.ts";

/** A statement or fragment. `Reads` names the assets interpolated directly (not through a handle). */
export interface Sql<out Reads extends string = never> extends Tagged<"sql: rows"> {
  readonly reads?: readonly Reads[];
}
/** A statement that gives at most one row. */
export interface SqlOne<out Reads extends string = never> extends Tagged<"sql.one: one row"> {
  readonly reads?: readonly Reads[];
}

/** What may stand in `${…}`. */
export type Interpolation =
  | SqlValue
  | Param<unknown>
  | Sql<string>
  // oxlint-disable-next-line no-explicit-any -- any row and any partitioning is meant; variance forbids unknown here
  | TableAsset<string, any, any>
  // oxlint-disable-next-line no-explicit-any -- any row is meant
  | TableHandle<any>;

// oxlint-disable-next-line no-explicit-any -- any row and any partitioning is meant
type ReadsOf<T> = T extends TableAsset<infer N, any, any> ? N : T extends Sql<infer R> ? R : never;

export interface SqlTag {
  /**
   * SQL with what it reads. An asset or table handle stands for its rows (and, an asset, is a dependency); a value
   * becomes a bound parameter; another `sql` is a fragment and nests.
   *
   * @throws SQL_VALUE_UNSUPPORTED for `undefined`, functions and other things that no parameter can hold
   * @example
   * sql`select origin, count(*) as flights from ${flights} where delay > ${15} group by origin`
   */
  <T extends readonly Interpolation[]>(text: TemplateStringsArray, ...values: T): Sql<ReadsOf<T[number]>>;
  /** The same for a statement that gives at most one row; an endpoint then answers with an object, or 404 without one. */
  one<T extends readonly Interpolation[]>(
    text: TemplateStringsArray,
    ...values: T
  ): SqlOne<ReadsOf<T[number]>>;
  /** Fragments with a separator between them (", " when absent). */
  join<R extends string = never>(parts: readonly Sql<R>[], separator?: Sql): Sql<R>;
  /** A column or table name, quoted. */
  id(name: string): Sql;
  /** Nothing: for a condition that does not apply. */
  readonly empty: Sql;
  /**
   * The rows that the asset being made has so far, for the SQL of an asset with `write: "append"`; none before its first
   * run. In `run`, the context's `previous` is the same.
   *
   * @example
   * sql`select * from ${events} where id > (select coalesce(max(id), 0) from ${sql.previous})`
   */
  readonly previous: Sql;
}

type Builder = (...args: never[]) => unknown;

function template(
  text: TemplateStringsArray,
  values: readonly unknown[],
  rows: "many" | "one",
  builder: Builder,
): SqlTree {
  const parts: SqlPart[] = [];
  const assets: object[] = [];
  text.forEach((cooked: string | undefined, index) => {
    // Absent where the author wrote an escape that JavaScript does not know, such as \u in a pattern.
    const piece = cooked ?? text.raw[index] ?? "";
    if (piece !== "") parts.push({ part: "text", text: piece });
    if (index >= values.length) return;
    const value = values[index];
    if (value instanceof SqlTree) {
      parts.push(...value.parts);
      assets.push(...value.assets);
      return;
    }
    const part = interpolated(value);
    if (part === undefined) throw unsupported(value, piece, builder);
    parts.push(part);
    if (part.part === "table" && part.table.dependency === undefined) assets.push(value as object);
  });
  return new SqlTree(parts, rows, assets);
}

function unsupported(value: unknown, before: string, builder: Builder): MillraceError {
  const details = { before: before.trim().slice(-40), type: nameOf(value) };
  return new MillraceError("SQL_VALUE_UNSUPPORTED", details, { place: DefinitionSite.above(builder).place });
}

function interpolated(value: unknown): SqlPart | undefined {
  if (typeof value === "object" && value !== null) {
    if (tableRef in value) return { part: "table", table: value[tableRef] as TableRef };
    if (partitionBound in value) {
      return { part: "bound", bound: value[partitionBound] as "start" | "end" | "key" };
    }
  }
  return isSqlValue(value) ? { part: "value", value } : undefined;
}

function isSqlValue(value: unknown): value is SqlValue {
  if (value === null || ["string", "bigint", "boolean"].includes(typeof value)) return true;
  if (typeof value === "number") return Number.isFinite(value);
  if (value instanceof Date) return !Number.isNaN(value.getTime());
  return value instanceof Uint8Array || (Array.isArray(value) && value.every(isSqlValue));
}

function nameOf(value: unknown): string {
  if (value === undefined || typeof value === "number") return String(value);
  if (typeof value === "function") return "a function";
  if (value instanceof Date) return "an invalid date";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

const comma = new SqlTree([{ part: "text", text: ", " }], "many", []);

function join(parts: readonly unknown[], separator: unknown = comma): SqlTree {
  // Passing over what is no fragment would drop a condition without a word.
  const trees = [separator, ...parts].map((part) => {
    if (part instanceof SqlTree) return part;
    throw unsupported(part, "sql.join", join);
  });
  const [between, ...joined] = trees;
  return new SqlTree(
    joined.flatMap((tree, index) => (index === 0 ? tree.parts : [...(between?.parts ?? []), ...tree.parts])),
    "many",
    joined.flatMap((tree) => tree.assets),
  );
}

function many(text: TemplateStringsArray, ...values: unknown[]): SqlTree {
  return template(text, values, "many", many);
}

function one(text: TemplateStringsArray, ...values: unknown[]): SqlTree {
  return template(text, values, "one", one);
}

/** The `sql` template; see {@link SqlTag}. */
export const sql: SqlTag = Object.assign(many, {
  one,
  join,
  id: (name: string) => new SqlTree([{ part: "identifier", name }], "many", []),
  empty: new SqlTree([], "many", []),
  previous: previousFragment,
}) as unknown as SqlTag;
