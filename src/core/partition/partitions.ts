import { partitionBound } from "../sql/sql-tree.ts";
import { parseTimeKey, type TimeUnit } from "./calendar.ts";
import type { StaticPartitions, TimePartitions } from "./partition-types.ts";
import { timeIdentity } from "./space-identity.ts";

/** A partitioning as data. `identity` names the space its ordinals live in: another identity is another space (N12). */
export type PartitionDefinition = {
  /** Mistakes in the definition, reported with every asset that uses it. */
  readonly problems: readonly string[];
} & (
  | { readonly kind: "none"; readonly identity: "none" }
  | {
      readonly kind: "time";
      readonly identity: string;
      readonly unit: TimeUnit;
      /** First ordinal. */
      readonly first: number;
      /** Last ordinal; absent: up to the last unit that has ended. */
      readonly last?: number;
    }
  | { readonly kind: "static"; readonly identity: string; readonly keys: readonly string[] }
);

export const unpartitioned: PartitionDefinition = Object.freeze({
  kind: "none",
  identity: "none",
  problems: [],
});

export interface TimeOptions {
  /** First partition, for instance `2001-01` (monthly) or `2001-01-31` (daily). */
  readonly start: string;
  /** Last partition, itself included. Absent: up to the last one that has ended. */
  readonly end?: string;
}

function bound(name: "start" | "end" | "key"): object {
  return Object.freeze({ [partitionBound]: name });
}

const definitions = new WeakSet<object>();

function made(definition: object): PartitionDefinition {
  definitions.add(definition);
  return Object.freeze(definition) as never;
}

/** Was this made by `partitions.…`? */
export function isPartitionDefinition(candidate: unknown): candidate is PartitionDefinition {
  return typeof candidate === "object" && candidate !== null && definitions.has(candidate);
}

function time(unit: TimeUnit, options: TimeOptions): PartitionDefinition {
  const problems: string[] = [];
  const ordinal = (text: string): number => {
    const parsed = parseTimeKey(unit, text);
    const example = unit === "month" ? "2001-01" : "2001-01-31";
    if (parsed === undefined)
      problems.push(`${JSON.stringify(text)} is no ${unit}; write it like ${example}`);
    return parsed ?? 0;
  };
  const first = ordinal(options.start);
  const last = options.end === undefined ? undefined : ordinal(options.end);
  if (problems.length === 0 && last !== undefined && last < first) {
    problems.push(`the end ${String(options.end)} lies before the start ${options.start}`);
  }
  const definition = {
    kind: "time",
    identity: timeIdentity(unit),
    unit,
    first,
    ...(last === undefined ? {} : { last }),
    problems,
  };
  return made({ ...definition, start: bound("start"), end: bound("end"), key: bound("key") });
}

const isKey = (key: unknown): key is string => typeof key === "string" && key !== "";

function staticKeys(given: readonly string[]): PartitionDefinition {
  const problems: string[] = [];
  const keys = Array.isArray(given) ? given.filter(isKey) : [];
  if (!Array.isArray(given)) problems.push("static takes a list of keys");
  else if (given.length === 0) problems.push("there must be at least one key");
  else {
    for (const key of given.filter((key) => !isKey(key))) {
      problems.push(`${JSON.stringify(key)} is no key; a key is a text`);
    }
  }
  const twice = new Set(keys.filter((key, index) => keys.indexOf(key) !== index));
  for (const key of twice) problems.push(`the key ${key} is there twice`);
  const definition = { kind: "static", identity: "static", keys: Object.freeze([...keys]), problems };
  return made({ ...definition, key: bound("key") });
}

/** What divides an asset into parts that are made, checked and published one by one. */
export interface PartitionsApi {
  /** One per day, midnight to midnight UTC. Keys: `2001-01-31`. */
  daily(options: TimeOptions): TimePartitions<"day">;
  /** One per month. Keys: `2001-01`. */
  monthly(options: TimeOptions): TimePartitions<"month">;
  /** One per name, in the given order. */
  static<const K extends string>(keys: readonly K[]): StaticPartitions<K>;
}

export const partitions: PartitionsApi = {
  daily: (options: TimeOptions) => time("day", options),
  monthly: (options: TimeOptions) => time("month", options),
  static: staticKeys,
} as never;

/** The ordinals a definition has at `now` (milliseconds): half open. */
export function definedOrdinals(definition: PartitionDefinition, now: number): { from: number; to: number } {
  if (definition.kind === "none") return { from: 0, to: 1 };
  if (definition.kind === "static") return { from: 0, to: definition.keys.length };
  const to = definition.last === undefined ? lastEnded(definition.unit, now) + 1 : definition.last + 1;
  return { from: definition.first, to: Math.max(to, definition.first) };
}

function lastEnded(unit: TimeUnit, now: number): number {
  return (parseTimeKey(unit, new Date(now).toISOString().slice(0, unit === "month" ? 7 : 10)) ?? 0) - 1;
}
