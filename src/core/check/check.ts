import type { Contravariant, Tagged } from "../brand.ts";
import { DefinitionSite } from "../definition-site.ts";
import { MillraceError } from "../errors.ts";
import { SqlTree } from "../sql/sql-tree.ts";
import type { Sql } from "../sql/sql.ts";
import type { AnyPartitions } from "../partition/partition-types.ts";
import type { TableAsset } from "../asset/asset-types.ts";
import type { AssetDefinition } from "../asset/asset-definition.ts";
import { parseDuration } from "../duration.ts";
import type { CheckDefinition, CheckRule } from "./check-definition.ts";
import { checkOf, type CheckBehaviour, type CheckOptions, type RecordCheckOptions } from "./check-options.ts";
import { ruleFlaw } from "./rule-flaw.ts";

/** A check that needs these columns, of these types. */
export interface Check<in Needs> extends Tagged<"check">, Contravariant<Needs> {
  readonly name: string;
}

type Ordered = number | bigint | string | Date;
/** The column type that a bound of type T stands for: 15 bounds numbers. */
type Widened<T> = T extends number ? number : T extends bigint ? bigint : T extends Date ? Date : string;

/** What a column may be whose values are looked up in one of type T. */
type Widest<T> = NonNullable<T> extends Date ? Date : Widened<NonNullable<T>>;

export interface CheckApi {
  /** No two rows have the same values in these columns together. */
  unique<C extends string>(...columns: readonly [C, ...C[]]): Check<Record<C, unknown>>;
  unique<C extends string>(columns: readonly [C, ...C[]], options: CheckOptions): Check<Record<C, unknown>>;
  /** Every row has a value in each of these columns. */
  notNull<C extends string>(...columns: readonly [C, ...C[]]): Check<Record<C, unknown>>;
  notNull<C extends string>(columns: readonly [C, ...C[]], options: CheckOptions): Check<Record<C, unknown>>;
  /** Values lie within the bounds, which are allowed themselves. NULL passes. */
  range<C extends string, T extends Ordered>(
    column: C,
    bounds: { readonly min?: T; readonly max?: T },
    options?: CheckOptions,
  ): Check<Record<C, Widened<T> | null>>;
  /** Every value is one of these. NULL passes. */
  accepted<C extends string, T extends string | number>(
    column: C,
    values: readonly T[],
    options?: CheckOptions,
  ): Check<Record<C, Widened<T> | null>>;
  /** The version has this many rows; the bounds are allowed themselves. */
  rowCount(bounds: { readonly min?: number; readonly max?: number }, options?: CheckOptions): Check<unknown>;
  /**
   * Each value stands in a column of another table; NULL passes. Of several columns, all of a row together.
   *
   * @example
   * check.references("origin", airports, "iata")
   */
  references<C extends string, R, O extends keyof R & string>(
    columns: readonly [C, ...C[]],
    asset: TableAsset<string, R, AnyPartitions>,
    others: readonly [O, ...O[]],
    options?: CheckOptions,
  ): Check<Record<C, unknown>>;
  references<C extends string, R, O extends keyof R & string>(
    column: C,
    asset: TableAsset<string, R, AnyPartitions>,
    other: O,
    options?: CheckOptions,
  ): Check<Record<C, Widest<R[O]> | null>>;
  /**
   * What there is now is not too old: the newest value of `column`, or the newest version when no column is named. A day
   * counts from its beginning, in UTC. Whether it still holds later, `millrace recheck` tells.
   *
   * @param bounds `maxAge`: "30m", "1d"
   */
  freshness<C extends string = never>(
    bounds: { readonly column?: C; readonly maxAge: string },
    options?: CheckOptions,
  ): Check<[C] extends [never] ? unknown : Record<C, Date | string | null>>;
  /**
   * The number of rows against what was current before; passes where nothing was. `max` is the share by which it may
   * fall or grow: 0.5 is half. `decrease` and `increase` say it for one direction.
   */
  rowCountChange(
    bounds:
      | { readonly max: number; readonly decrease?: never; readonly increase?: never }
      | { readonly max?: never; readonly decrease?: number; readonly increase?: number },
    options?: CheckOptions,
  ): Check<unknown>;
  /** The columns of a table are those of what was current before: names, types, nullability and refinements. */
  schemaUnchanged(options?: RecordCheckOptions): Check<unknown>;
  /** A number that `run` keeps with `metadata({ … })` lies within the bounds, and is there. */
  metadata(
    key: string,
    bounds: { readonly min?: number; readonly max?: number },
    options?: RecordCheckOptions,
  ): Check<unknown>;
  /**
   * Passes when the statement gives no row; the first few it gives are shown. `table` stands for the version under test.
   *
   * @example
   * check.sql("no flight to itself", (table) => sql`select * from ${table} where origin = destination`)
   */
  sql(name: string, statement: (table: Sql) => Sql<string>, options?: CheckBehaviour): Check<unknown>;
}

/** Asset key that stands for the version under test in a check's SQL. */
export const selfReference = "self";

const self = new SqlTree([{ part: "table", table: { asset: selfReference } }], "many", []);

function make(rule: CheckRule, name: string, options?: CheckOptions): Check<never> {
  return checkOf(rule, name, options) as CheckDefinition & Check<never>;
}

function given<T extends object>(bounds: T): T {
  return Object.fromEntries(Object.entries(bounds).filter(([, bound]) => bound !== undefined)) as T;
}

/** Columns one by one, or as a list with options after it. */
type ColumnsAndOptions = readonly string[] | readonly [columns: readonly string[], options?: CheckOptions];

function ofColumns(rule: "unique" | "not_null", args: ColumnsAndOptions): Check<never> {
  const [first, second] = args;
  const listed = typeof first === "object";
  const columns = listed ? first : (args as readonly string[]);
  const name = `${rule.replace("_", " ")} ${columns.join(", ")}`.trim();
  return make({ rule, columns }, name, listed && typeof second === "object" ? second : {});
}

function sqlCheck(name: string, statement: (table: Sql) => unknown, options?: CheckBehaviour): Check<never> {
  const made = statement(self as unknown as Sql);
  if (made instanceof SqlTree) return make({ rule: "no_rows", sql: made }, name, options);
  const details = { what: "check", key: name, reason: "it must give an sql`…` statement" };
  throw new MillraceError("INVALID_OPTION", details, { place: DefinitionSite.above(sqlCheck).place });
}

function rowCountChange(decrease: number | undefined, increase: number | undefined): CheckRule {
  return {
    rule: "row_count_change",
    ...(decrease === undefined ? {} : { decrease }),
    ...(increase === undefined ? {} : { increase }),
  };
}

/** Checks for an asset's `checks` list; blocking unless said otherwise. */
export const check: CheckApi = {
  unique: (...args: ColumnsAndOptions) => ofColumns("unique", args),
  notNull: (...args: ColumnsAndOptions) => ofColumns("not_null", args),
  range: (column: string, bounds: { min?: Ordered; max?: Ordered }, options?: CheckOptions) =>
    make({ rule: "range", column, ...given(bounds) }, `range ${column}`, options),
  accepted: (column: string, values: readonly (string | number)[], options?: CheckOptions) =>
    make({ rule: "accepted", column, values }, `accepted ${column}`, options),
  rowCount: (bounds: { min?: number; max?: number }, options?: CheckOptions) =>
    make({ rule: "row_count", ...given(bounds) }, "row count", options),
  references: (
    first: string | readonly string[],
    asset: AssetDefinition,
    other: string | readonly string[],
    options?: CheckOptions,
  ) => {
    const [columns, others] = [first, other].map((one) => (typeof one === "string" ? [one] : one));
    const rule = { rule: "references", columns: columns ?? [], asset, others: others ?? [] } as const;
    return make(rule, `${rule.columns.join(", ")} in ${asset?.key ?? ""}`, options);
  },
  freshness: ({ column, maxAge }: { column?: string; maxAge: unknown }, options?: CheckOptions) => {
    const maxAgeMs = (typeof maxAge === "string" ? parseDuration(maxAge) : undefined) ?? 0;
    const named = column === undefined ? {} : { column };
    return make({ rule: "freshness", ...named, maxAgeMs }, ["freshness", column].join(" ").trim(), options);
  },
  rowCountChange: (
    { max, decrease = max, increase = max }: { max?: number; decrease?: number; increase?: number },
    options?: CheckOptions,
  ) => make(rowCountChange(decrease, increase), "row count change", options),
  schemaUnchanged: (options?: RecordCheckOptions) =>
    make({ rule: "schema_unchanged" }, "schema unchanged", options),
  metadata: (key: string, bounds: { min?: number; max?: number }, options?: RecordCheckOptions) =>
    make({ rule: "metadata", key, ...given(bounds) }, `metadata ${key}`, options),
  sql: sqlCheck,
} as unknown as CheckApi;

/** The definitions behind a list of checks. */
export function checkDefinitions(
  checks: readonly unknown[],
  invalid: (reason: string) => void,
): readonly CheckDefinition[] {
  return checks.filter((candidate): candidate is CheckDefinition => {
    const made = typeof candidate === "object" && candidate !== null && "rule" in candidate;
    if (!made) invalid("checks holds something that check.… did not make");
    else {
      const { name, faults = [] } = candidate as CheckDefinition;
      for (const fault of faults) invalid(`the check ${name}: ${fault}`);
      const flaw = ruleFlaw(candidate as CheckDefinition);
      if (flaw !== undefined) invalid(`the check ${name} ${flaw}`);
    }
    return made;
  });
}
