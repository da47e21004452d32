import type { Contravariant, Tagged } from "../brand.ts";
import { DefinitionSite } from "../definition-site.ts";
import { MillraceError } from "../errors.ts";
import { fittingOptions, flag, oneOf, text, type OptionRules } from "../option-rules.ts";
import { SqlTree } from "../sql/sql-tree.ts";
import type { Sql } from "../sql/sql.ts";
import type { CheckDefinition, CheckRule } from "./check-definition.ts";

/** A check that needs these columns, of these types. */
export interface Check<in Needs> extends Tagged<"check">, Contravariant<Needs> {
  readonly name: string;
}

export interface CheckOptions {
  /** Made of the rule and its columns when absent. Unique within the asset. */
  readonly name?: string;
  /** True when absent: a version that fails is not published, and readers keep the last good one. */
  readonly blocking?: boolean;
  /** "error" when absent. */
  readonly severity?: "warn" | "error";
}

type Ordered = number | bigint | string | Date;
/** The column type that a bound of type T stands for: 15 bounds numbers. */
type Widened<T> = T extends number ? number : T extends bigint ? bigint : T extends Date ? Date : string;

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
   * Passes when the statement gives no row; the first few it gives are shown. `table` stands for the version under test.
   *
   * @example
   * check.sql("no flight to itself", (table) => sql`select * from ${table} where origin = destination`)
   */
  sql(
    name: string,
    statement: (table: Sql) => Sql<string>,
    options?: Omit<CheckOptions, "name">,
  ): Check<unknown>;
}

/** Asset key that stands for the version under test in a check's SQL. */
export const selfReference = "self";

const self = new SqlTree([{ part: "table", table: { asset: selfReference } }], "many", []);

export const checkOptionRules = {
  name: text,
  blocking: flag,
  severity: oneOf("warn", "error"),
} satisfies OptionRules;

function make(rule: CheckRule, name: string, given: CheckOptions = {}): Check<never> {
  const faults: string[] = [];
  const options = fittingOptions(given, checkOptionRules, (fault) => faults.push(fault));
  const definition: CheckDefinition = {
    name: options.name ?? name,
    blocking: options.blocking ?? true,
    severity: options.severity ?? "error",
    rule,
    ...(faults.length > 0 ? { faults } : {}),
  };
  return Object.freeze(definition) as CheckDefinition & Check<never>;
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

function sqlCheck(
  name: string,
  statement: (table: Sql) => unknown,
  options?: Omit<CheckOptions, "name">,
): Check<never> {
  const made = statement(self as unknown as Sql);
  if (made instanceof SqlTree) return make({ rule: "no_rows", sql: made }, name, options);
  const details = { what: "check", key: name, reason: "it must give an sql`…` statement" };
  throw new MillraceError("INVALID_OPTION", details, { place: DefinitionSite.above(sqlCheck).place });
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
      const { name, rule, faults = [] } = candidate as CheckDefinition;
      for (const fault of faults) invalid(`the check ${name}: ${fault}`);
      const flaw = ruleFlaw(rule);
      if (flaw !== undefined) invalid(`the check ${name} ${flaw}`);
    }
    return made;
  });
}

/** A rule that nothing can break is a mistake, and so is one that everything breaks. */
function ruleFlaw(rule: CheckRule): string | undefined {
  if ("columns" in rule) return rule.columns.length === 0 ? "names no column" : undefined;
  if (rule.rule === "accepted") {
    if (!Array.isArray(rule.values)) return "takes a list of values";
    return rule.values.length === 0 ? "has no values" : undefined;
  }
  if (rule.rule !== "range" && rule.rule !== "row_count") return undefined;
  const { min, max } = rule;
  if (min === undefined && max === undefined) return "has neither min nor max";
  return min !== undefined && max !== undefined && min > max ? "has its min above its max" : undefined;
}
