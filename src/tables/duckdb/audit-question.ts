import type { Column } from "../../core/column/column.ts";
import { quoteName } from "../../core/column/engine-type.ts";
import { counted, thousands } from "../../core/counted.ts";
import { MillraceError } from "../../core/errors.ts";
import { ageAnswer } from "../../core/check/recorded-answer.ts";
import { noAnswer, type CheckAnswer } from "../../core/check/check-answer.ts";
import type { AuditRule, TableSource } from "../../ports/table-engine.ts";
import { literalFor } from "../sql/literal.ts";
import { viewSchema } from "../sql/render.ts";
import { sourceAlias } from "../sql/source-alias.ts";
import { rowsOf } from "../wire/rows-of.ts";
import { boundsText } from "../../core/check/bounds-text.ts";
import { unreachable } from "../../core/unreachable.ts";

/** A rule as SQL, and what its numbers mean. */
export interface AuditQuestion {
  /** Aggregates over the table, answered in the one pass. */
  readonly counts: readonly string[];
  /** A query of its own, for what no aggregate can tell. */
  readonly query?: (table: string) => string;
  /** What the query reads besides the table. */
  readonly reads?: TableSource;
  /** @param counts the aggregates' values, then those of the query's one row */
  readonly answer: (counts: readonly number[], rowCount: number) => CheckAnswer;
}

type CountedRule = Exclude<AuditRule, { rule: "no_rows" }>;

export function questionOf(rule: CountedRule, columns: readonly Column[]): AuditQuestion {
  switch (rule.rule) {
    case "not_null":
      return notNull(rule.columns.map((name) => columnNamed(name, columns)));
    case "unique":
      return unique(rule.columns.map((name) => columnNamed(name, columns)));
    case "accepted": {
      const { name, type } = columnNamed(rule.column, columns);
      const values = rule.values.map((value) => literalFor(type, value)).join(", ");
      const allowed = rule.values.length === 0 ? "false" : `${quoteName(name)} in (${values})`;
      return counting(
        `${quoteName(name)} is not null and not (${allowed})`,
        `a value in ${name} other than ${listed(rule.values)}`,
        `every value in ${name} is one of ${listed(rule.values)}`,
      );
    }
    case "range": {
      const { name, type } = columnNamed(rule.column, columns);
      const tests = [
        ...(rule.min === undefined ? [] : [`${quoteName(name)} < ${literalFor(type, rule.min)}`]),
        ...(rule.max === undefined ? [] : [`${quoteName(name)} > ${literalFor(type, rule.max)}`]),
      ];
      const { inside, outside } = boundsText(rule);
      return counting(
        tests.length === 0 ? "false" : tests.join(" or "),
        `a value in ${name} ${outside}`,
        `every value in ${name} is ${inside}`,
      );
    }
    case "row_count":
      return rowCountQuestion(rule);
    case "references":
      return references(rule, columns);
    case "freshness":
      return freshness(rule, columnNamed(rule.column, columns));
  }
  return unreachable(rule);
}

function counting(when: string, wrong: string, right: string): AuditQuestion {
  return {
    counts: [`count_if(${when})`],
    answer: ([failing = 0], rowCount) => ({
      passed: failing === 0,
      description: failing === 0 ? right : `${rowsOf(failing, rowCount)} ${wrong}`,
      metadata: { failing, rows: rowCount },
    }),
  };
}

function notNull(columns: readonly Column[]): AuditQuestion {
  const names = columns.map(({ name }) => name);
  return {
    counts: columns.map(({ name }) => `count_if(${quoteName(name)} is null)`),
    answer: (counts, rowCount) => {
      const missing = names.flatMap((name, index) => {
        const count = counts[index] ?? 0;
        return count === 0 ? [] : [`${rowsOf(count, rowCount)} no value in ${name}`];
      });
      return {
        passed: missing.length === 0,
        description:
          missing.length === 0 ? `every row has a value in ${names.join(", ")}` : missing.join("; "),
        metadata: Object.fromEntries([
          ...names.map((name, index) => [name, counts[index] ?? 0]),
          ["rows", rowCount],
        ]),
      };
    },
  };
}

/** As in SQL: a row that lacks one of the columns equals no other. */
function unique(columns: readonly Column[]): AuditQuestion {
  const names = columns.map(({ name }) => name);
  const list = names.map(quoteName).join(", ");
  const value = names.length === 1 ? "value" : "values";
  const known = names.map((name) => `${quoteName(name)} is not null`).join(" and ");
  return {
    counts: [],
    query: (table) =>
      `select count(*), sum(alike) from (select count(*) as alike from ${table} where ${known} group by ${list} having count(*) > 1)`,
    answer: ([groups = 0, rows = 0], rowCount) => ({
      passed: groups === 0,
      description:
        groups === 0
          ? `no two rows have the same ${value} in ${names.join(", ")}`
          : `${rowsOf(rows, rowCount)} the same ${value} in ${names.join(", ")} as another row`,
      metadata: { duplicated: groups, failing: rows, rows: rowCount },
    }),
  };
}

/** As in SQL: a row that lacks one of the columns refers to nothing. */
function references(
  rule: Extract<AuditRule, { readonly rule: "references" }>,
  columns: readonly Column[],
): AuditQuestion {
  const { source } = rule;
  const names = rule.columns.map((name) => columnNamed(name, columns).name);
  const others = rule.others.map((name) => columnNamed(name, source.columns).name);
  const known = names.map((name) => `t.${quoteName(name)} is not null`).join(" and ");
  const equal = names.map((name, index) => `o.${quoteName(others[index] ?? "")} = t.${quoteName(name)}`);
  const other = `${quoteName(viewSchema(source))}.${quoteName(sourceAlias(source))}`;
  const value = names.length === 1 ? "a value" : "values";
  const place = `${source.key}.${others.join(`, ${source.key}.`)}`;
  return {
    counts: [],
    reads: source,
    query: (table) =>
      `select count(*) from ${table} t anti join ${other} o on ${equal.join(" and ")} where ${known}`,
    answer: ([failing = 0], rowCount) => ({
      passed: failing === 0,
      description:
        failing === 0
          ? `every value in ${names.join(", ")} is in ${place}`
          : `${rowsOf(failing, rowCount)} ${value} in ${names.join(", ")} that ${names.length === 1 ? "is" : "are"} not in ${place}`,
      metadata: { failing, rows: rowCount },
    }),
  };
}

function freshness(
  { maxAgeMs, now }: Extract<AuditRule, { readonly rule: "freshness" }>,
  { name }: Column,
): AuditQuestion {
  const value = quoteName(name);
  const finite = `filter (where isfinite(${value}))`;
  return {
    counts: [`count(*) ${finite}`, `epoch_ms(max(${value}) ${finite})`],
    answer: ([known = 0, newest = 0]) =>
      known === 0
        ? noAnswer(`there is no value in ${name}`)
        : ageAnswer(newest, maxAgeMs, now, `the newest value in ${name} is of`),
  };
}

function rowCountQuestion({
  min = 0,
  max = Infinity,
}: {
  readonly min?: number;
  readonly max?: number;
}): AuditQuestion {
  const most = max === Infinity ? {} : { max: thousands(max) };
  const { wanted } = boundsText({ min: thousands(min), ...most });
  return {
    counts: [],
    answer: (_, rowCount) => ({
      passed: rowCount >= min && rowCount <= max,
      description: `${counted(rowCount, "row")}; wanted ${wanted}`,
      metadata: { rows: rowCount },
    }),
  };
}

function columnNamed(name: string, columns: readonly Column[]): Column {
  const column = columns.find((candidate) => candidate.name === name);
  if (column !== undefined) return column;
  const known = columns.map((candidate) => candidate.name).join(", ");
  throw new MillraceError("UNKNOWN_COLUMN", {
    key: "the audit",
    what: "a check",
    column: name,
    columns: known,
  });
}

/** Values of a list, as many as one can take in. */
function listed(values: readonly (string | number)[]): string {
  return `${values.slice(0, 10).join(", ")}${values.length > 10 ? ", …" : ""}`;
}
