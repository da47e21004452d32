import type { Column, ColumnRule, ColumnType } from "../../core/column/column.ts";
import { text } from "../sql/literal.ts";
import { elementAt, fieldOf } from "./nested-sql.ts";
import { unreachable } from "../../core/unreachable.ts";

/** One way in which a value may break its column. */
export interface Fault {
  /** SQL that is true for a value that does; false or NULL for one that does not. */
  readonly when: (value: string, depth: number) => string;
  /** What such a value does, to stand after the column's name: "is NULL". */
  readonly says: string;
}

/** All ways in which a value may break its column, by its type, its nullability and its rules. */
export function faultsOf(column: Column): Fault[] {
  const nulls: Fault[] = column.nullable ? [] : [{ when: (value) => `${value} is null`, says: "is NULL" }];
  return [...nulls, ...typeFaults(column.type), ...column.rules.map((rule) => ruleFault(column.type, rule))];
}

/**
 * SQL for whether a value breaks its column in any way, condition by condition. What answers a request asks this of
 * every row, and the engine plans it anew for every request (some 30 µs for each function), so it is kept short: both
 * bounds of a length are one condition.
 */
export function conditionsOf(column: Column): Fault["when"][] {
  const { type, rules } = column;
  const [least, ...otherLeast] = rules.filter(({ rule }) => rule === "min_length");
  const [most, ...otherMost] = rules.filter(({ rule }) => rule === "max_length");
  if (least?.rule !== "min_length" || most?.rule !== "max_length" || otherLeast.length + otherMost.length > 0)
    return faultsOf(column).map(({ when }) => when);
  const others = { ...column, rules: rules.filter((rule) => rule !== least && rule !== most) };
  return [
    ...faultsOf(others).map(({ when }) => when),
    (value) => `${lengthOf(type, value)} not between ${least.value} and ${most.value}`,
  ];
}

const simple = (says: string, when: (value: string) => string): Fault[] => [{ when, says }];
const largest = "1.7976931348623157e308::DOUBLE";
const years = "lies outside the years 0001 to 9999";

/** What the engine's type lets through and the wire format does not. */
function typeFaults(type: ColumnType): Fault[] {
  switch (type.kind) {
    case "float":
    case "double":
      // NaN is greater than all other numbers. Comparing is planned sooner than a function.
      return simple("is NaN or infinite", (value) => `${value} not between -${largest} and ${largest}`);
    case "safe_integer":
      return simple(
        "is beyond ±(2^53-1)",
        (value) => `${value} not between -9007199254740991 and 9007199254740991`,
      );
    case "date":
      return simple(years, (value) => `${value} not between DATE '0001-01-01' and DATE '9999-12-31'`);
    case "time":
      return simple("is 24:00:00", (value) => `${value} > TIME '23:59:59.999999'`);
    case "timestamp":
    case "timestamptz": {
      const [name, zone] = type.kind === "timestamp" ? ["TIMESTAMP", ""] : ["TIMESTAMPTZ", "+00"];
      const [first, last] = [`0001-01-01 00:00:00${zone}`, `9999-12-31 23:59:59.999999${zone}`];
      return simple(years, (value) => `${value} not between ${name} '${first}' and ${name} '${last}'`);
    }
    case "list":
      return faultsOf(type.element).map(({ when, says }) => ({
        when: (value, depth) => {
          const element = elementAt(depth);
          return `len(list_filter(${value}, lambda ${element}: coalesce(${when(element, depth + 1)}, false))) > 0`;
        },
        says: `has an element that ${says}`,
      }));
    case "struct":
      return type.fields.flatMap((field) =>
        faultsOf(field).map(({ when, says }) => ({
          when: (value: string, depth: number) =>
            `(${value} is not null and ${when(fieldOf(value, field.name), depth)})`,
          says: `has a field ${field.name} that ${says}`,
        })),
      );
    case "varchar":
    case "boolean":
    case "integer":
    case "uinteger":
    case "bigint":
    case "ubigint":
    case "decimal":
    case "uuid":
    case "blob":
      return [];
  }
  return unreachable(type);
}

function ruleFault(type: ColumnType, rule: ColumnRule): Fault {
  switch (rule.rule) {
    case "min":
    case "max": {
      const sign = `${rule.rule === "min" ? "<" : ">"}${rule.exclusive ? "=" : ""}`;
      const words = {
        "<": "is less than",
        "<=": "is not more than",
        ">": "is more than",
        ">=": "is not less than",
      }[sign];
      return {
        when: (value) => `${value} ${sign} ${boundary(type, rule.value)}`,
        says: `${words ?? sign} ${rule.value}`,
      };
    }
    case "min_length":
    case "max_length": {
      const sign = rule.rule === "min_length" ? "<" : ">";
      return {
        when: (value) => `${lengthOf(type, value)} ${sign} ${rule.value}`,
        says: `is ${sign === "<" ? "shorter" : "longer"} than ${rule.value}`,
      };
    }
    case "pattern":
      return {
        when: (value) => `not regexp_matches(${asText(type, value)}, ${text(rule.source)})`,
        says: `does not match ${rule.source}`,
      };
    case "multiple_of":
      return { when: (value) => remainder(type, value, rule.value), says: `is no multiple of ${rule.value}` };
    case "one_of": {
      const values = rule.values.map((value) => (typeof value === "string" ? text(value) : String(value)));
      const shown = rule.values.slice(0, 10).join(", ");
      return {
        when: (value) => `${value} not in (${values.join(", ")})`,
        says: `is none of ${shown}${rule.values.length > 10 ? ", …" : ""}`,
      };
    }
  }
  return unreachable(rule);
}

function lengthOf(type: ColumnType, value: string): string {
  return type.kind === "list" ? `len(${value})` : utf16Length(asText(type, value));
}

function asText(type: ColumnType, value: string): string {
  return type.kind === "varchar" ? value : `cast(${value} as VARCHAR)`;
}

/** Length as JavaScript counts it: characters beyond U+FFFF count twice. Plain ASCII skips the search for those. */
function utf16Length(value: string): string {
  const beyond = `length(regexp_replace(${value}, '[^\\x{10000}-\\x{10FFFF}]', '', 'g'))`;
  return `(length(${value}) + case when strlen(${value}) = length(${value}) then 0 else ${beyond} end)`;
}

function boundary(type: ColumnType, value: number | string): string {
  if (type.kind === "timestamptz") return `cast(${text(String(value))} as TIMESTAMPTZ)`;
  if (typeof value === "string") return value;
  return Number.isSafeInteger(value) ? String(value) : `cast(${text(String(value))} as DOUBLE)`;
}

/** Fractions are compared as zod does: a quotient is whole within the rounding of its division. */
function remainder(type: ColumnType, value: string, divisor: number | string): string {
  if (
    typeof divisor === "string" ||
    (Number.isSafeInteger(divisor) && type.kind !== "double" && type.kind !== "float")
  ) {
    return `${value} % ${divisor} <> 0`;
  }
  const quotient = `(${value} / cast(${text(String(divisor))} as DOUBLE))`;
  const tolerance = `8.881784197001252e-16 * greatest(abs(${quotient}), 1)`;
  return `abs(${quotient} - round(${quotient})) >= ${tolerance}`;
}
