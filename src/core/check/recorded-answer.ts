import { formatDuration } from "../duration.ts";
import { canonicalJson } from "../canonical-json.ts";
import type { Column } from "../column/column.ts";
import { engineType } from "../column/engine-type.ts";
import { counted, thousands } from "../counted.ts";
import { unreachable } from "../unreachable.ts";
import { boundsText } from "./bounds-text.ts";
import { noAnswer, type CheckAnswer } from "./check-answer.ts";
import type { CheckRule } from "./check-definition.ts";
import type { StoredMetadata } from "../metadata/metadata-value.ts";

/** What state knows of a version, or of all versions of an asset together. */
export interface RecordedFacts {
  readonly rowCount?: number | undefined;
  readonly columns?: readonly Column[] | undefined;
  readonly metadata?: StoredMetadata | undefined;
  /** When the newest of it was made. */
  readonly madeAt: number;
}

export type RecordedRule =
  | Extract<CheckRule, { readonly rule: "row_count_change" | "schema_unchanged" | "metadata" }>
  | { readonly rule: "freshness"; readonly column?: never; readonly maxAgeMs: number };

/** Can it be answered from what is recorded, without reading a byte? */
export function isRecordedRule(rule: CheckRule): rule is RecordedRule {
  switch (rule.rule) {
    case "row_count_change":
    case "schema_unchanged":
    case "metadata":
      return true;
    case "freshness":
      return rule.column === undefined;
    default:
      return false;
  }
}

/** @param before what was current before; undefined when nothing was */
export function recordedAnswer(
  rule: RecordedRule,
  facts: RecordedFacts,
  before: RecordedFacts | undefined,
  now: number,
): CheckAnswer {
  switch (rule.rule) {
    case "row_count_change":
      return rowCountChange(rule, facts.rowCount, before?.rowCount);
    case "schema_unchanged":
      return schemaUnchanged(facts.columns ?? [], before?.columns);
    case "metadata":
      return metadataWithin(rule, facts.metadata ?? {});
    case "freshness":
      return ageAnswer(facts.madeAt, rule.maxAgeMs, now, "it was made");
  }
  return unreachable(rule);
}

/** @param said how the age is told: "it was made", "the newest value in day is of" */
export function ageAnswer(at: number, maxAgeMs: number, now: number, said: string): CheckAnswer {
  const ageMs = Math.max(0, now - at);
  const passed = ageMs <= maxAgeMs;
  return {
    passed,
    description: `${said} ${formatDuration(ageMs)} ago; at most ${formatDuration(maxAgeMs)} is allowed`,
    metadata: { ageMs, newest: new Date(at).toISOString() },
  };
}

function rowCountChange(
  { decrease = Infinity, increase = Infinity }: { readonly decrease?: number; readonly increase?: number },
  rows: number | undefined,
  before: number | undefined,
): CheckAnswer {
  if (rows === undefined) return noAnswer("its rows are not counted");
  if (before === undefined) {
    const description = `${counted(rows, "row")}, and none counted before to compare with`;
    return { passed: true, description, metadata: { rows } };
  }
  // From nothing to something has no share.
  const change = rows === before ? 0 : before === 0 ? undefined : (rows - before) / before;
  const passed = change === undefined || (change >= -decrease && change <= increase);
  const share = change === undefined ? "" : `, ${change < 0 ? "−" : "+"}${percent(Math.abs(change))}`;
  const allowed = [
    ...(decrease === Infinity ? [] : [`−${percent(decrease)}`]),
    ...(increase === Infinity ? [] : [`+${percent(increase)}`]),
  ].join(" to ");
  return {
    passed,
    description: `${counted(rows, "row")} after ${thousands(before)}${share}; allowed is ${allowed}`,
    metadata: { rows, before, ...(change === undefined ? {} : { change }) },
  };
}

function percent(share: number): string {
  const hundredths = share * 100;
  return `${thousands(hundredths >= 10 ? Math.round(hundredths) : Number(hundredths.toPrecision(2)))} %`;
}

function schemaUnchanged(columns: readonly Column[], before: readonly Column[] | undefined): CheckAnswer {
  if (before === undefined)
    return { passed: true, description: "there is no earlier schema to compare with", metadata: {} };
  const was = new Map(before.map((column) => [column.name, column]));
  const is = new Map(columns.map((column) => [column.name, column]));
  const differences = [
    ...columns.flatMap((column) => {
      const earlier = was.get(column.name);
      if (earlier === undefined) return [`${column.name} is new`];
      return canonicalJson(earlier) === canonicalJson(column) ? [] : [columnChange(earlier, column)];
    }),
    ...before.filter(({ name }) => !is.has(name)).map(({ name }) => `${name} is gone`),
  ];
  const passed = differences.length === 0;
  return {
    passed,
    description: passed ? `${counted(columns.length, "column")} as before` : differences.join("; "),
    metadata: passed ? {} : { differences },
  };
}

function columnChange(before: Column, now: Column): string {
  const [was, is] = [before, now].map(
    ({ type, nullable }) => `${engineType(type)}${nullable ? " or NULL" : ""}`,
  );
  return was === is ? `${now.name} has other rules` : `${now.name} was ${was} and is ${is}`;
}

function metadataWithin(
  { key, ...bounds }: { readonly key: string; readonly min?: number; readonly max?: number },
  metadata: StoredMetadata,
): CheckAnswer {
  const value = Object.hasOwn(metadata, key) ? metadata[key] : undefined;
  if (value === undefined) return noAnswer(`there is no metadata ${key}`);
  if (typeof value !== "number") return noAnswer(`the metadata ${key} is no number`);
  const { min = -Infinity, max = Infinity } = bounds;
  const passed = value >= min && value <= max;
  const { inside, outside } = boundsText(bounds);
  return {
    passed,
    description: `${key} is ${value}: ${passed ? inside : outside}`,
    metadata: { [key]: value },
  };
}
