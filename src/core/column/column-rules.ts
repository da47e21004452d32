import type * as z from "zod";
import type { AnySchema } from "../schema.ts";
import type { ColumnRule } from "./column.ts";
import { enginePattern } from "./engine-pattern.ts";
import type { FormatDef } from "./scalar-type.ts";

/** The name of a rule that SQL cannot check. */
export type RuleFlaw = string;

/** String formats whose pattern says all there is to them; others (url, jwt, ipv6, …) run code that SQL has not. */
const patternFormats: ReadonlySet<string> = words(
  "regex lowercase uppercase includes starts_with ends_with email nanoid cuid cuid2",
  "ulid xid ksuid ipv4 cidrv4 e164 uuid guid",
);
/** Formats that the column's type keeps by itself. */
const typeFormats: ReadonlySet<string> = words(
  "decimal date time datetime base64",
  "safeint int32 uint32 float32 float64 int64 uint64",
);

export interface RulesOfSchema {
  readonly rules: readonly ColumnRule[];
  readonly flaws: readonly RuleFlaw[];
}

/** One for all the columns that have none: most do, and 10,000 assets have many. */
const noRules: RulesOfSchema = { rules: [], flaws: [] };

/**
 * The refinements of a schema and of those around it (`.nullable()`), in a form that SQL can check, and the names of those
 * that have none.
 */
export function rulesOf(schemas: readonly AnySchema[]): RulesOfSchema {
  if (schemas.every(saysNothing)) return noRules;
  const rules: ColumnRule[] = [];
  const flaws: RuleFlaw[] = [];
  for (const { _zod: internals } of schemas as readonly z.core.$ZodTypes[]) {
    const { def } = internals;
    if (def.type === "enum" || def.type === "literal") {
      rules.push({ rule: "one_of", values: [...(internals.values ?? [])] as (string | number | boolean)[] });
    }
    if ("check" in def) addRules(def, rules, flaws);
    for (const check of def.checks ?? []) addRules(check._zod.def, rules, flaws);
  }
  return rules.length + flaws.length === 0 ? noRules : { rules, flaws };
}

function saysNothing({ _zod: { def } }: AnySchema): boolean {
  return def.checks === undefined && !("check" in def) && def.type !== "enum" && def.type !== "literal";
}

function addRules(def: z.core.$ZodCheckDef, rules: ColumnRule[], flaws: RuleFlaw[]): void {
  const check = def as z.core.$ZodChecks["_zod"]["def"];
  switch (check.check) {
    case "greater_than":
    case "less_than":
      rules.push({
        rule: check.check === "greater_than" ? "min" : "max",
        value: plain(check.value),
        exclusive: !check.inclusive,
      });
      return;
    case "min_length":
      rules.push({ rule: "min_length", value: check.minimum });
      return;
    case "max_length":
      rules.push({ rule: "max_length", value: check.maximum });
      return;
    case "length_equals":
      rules.push({ rule: "min_length", value: check.length }, { rule: "max_length", value: check.length });
      return;
    case "multiple_of":
      rules.push({ rule: "multiple_of", value: plain(check.value) });
      return;
    case "number_format":
    case "bigint_format":
      return;
    case "string_format":
      addFormat(check as unknown as FormatDef, rules, flaws);
      return;
    case "overwrite":
      flaws.push("trim, toLowerCase or another that changes the value");
      return;
    default:
      // .refine and .superRefine, whose definitions are functions.
      flaws.push(
        (check as { check: string }).check === "custom" ? "refine" : (check as { check: string }).check,
      );
  }
}

function plain(value: number | bigint | Date): number | string {
  if (typeof value === "number") return value;
  return typeof value === "bigint" ? String(value) : value.toISOString();
}

function addFormat(def: FormatDef, rules: ColumnRule[], flaws: RuleFlaw[]): void {
  // A datetime of a fixed precision would have to show digits that the engine does not write.
  const precise = "offset" in def || def.format === "time" ? typeof def.precision === "number" : false;
  if (typeFormats.has(def.format) && !precise) return;
  const known = patternFormats.has(def.format) && def.pattern !== undefined;
  const source = known ? enginePattern(def.pattern) : undefined;
  if (source !== undefined) rules.push({ rule: "pattern", source });
  else flaws.push(def.format === "regex" ? `regex ${String(def.pattern)}` : def.format);
}

function words(...lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.flatMap((line) => line.split(" ")));
}
