import { parseTimeKey, timeKey, timeWindow } from "./calendar.ts";
import { definedOrdinals, type PartitionDefinition } from "./partitions.ts";
import { RangeSet } from "./range-set.ts";

/**
 * The partitions of one asset with their lasting ordinals. For calendar units the ordinal is arithmetic; static keys
 * get theirs from state, so that reordering or removing keys never renames a partition.
 */
export class PartitionSpace {
  readonly definition: PartitionDefinition;
  readonly #ordinals: ReadonlyMap<string, number>;
  readonly #keys: ReadonlyMap<number, string>;
  readonly #declared: Declared;

  constructor(definition: PartitionDefinition, ordinals?: ReadonlyMap<string, number>) {
    this.definition = definition;
    const known =
      ordinals ??
      new Map(definition.kind === "static" ? definition.keys.map((key, index) => [key, index]) : []);
    this.#ordinals = known;
    this.#keys = new Map([...known].map(([key, ordinal]) => [ordinal, key]));
    this.#declared = new Declared(definition, known);
  }

  /** Undefined when there is no such partition at `now` (milliseconds). */
  ordinalOf(key: string, now: number): number | undefined {
    if (this.definition.kind === "static") {
      const ordinal = this.#ordinals.get(key);
      return ordinal !== undefined && this.#declared.places.has(ordinal) ? ordinal : undefined;
    }
    if (this.definition.kind === "none") return undefined;
    const ordinal = parseTimeKey(this.definition.unit, key);
    const { from, to } = definedOrdinals(this.definition, now);
    return ordinal !== undefined && ordinal >= from && ordinal < to ? ordinal : undefined;
  }

  /** The partition's name; undefined for an unpartitioned asset. */
  keyOf(ordinal: number): string | undefined {
    if (this.definition.kind === "none") return undefined;
    if (this.definition.kind === "static") return this.#keys.get(ordinal);
    return timeKey(this.definition.unit, ordinal);
  }

  /** First instant of a time partition and the first one after it. */
  windowOf(ordinal: number): { start: Date; end: Date } | undefined {
    if (this.definition.kind !== "time") return undefined;
    const { start, end } = timeWindow(this.definition.unit, ordinal);
    return { start: new Date(start), end: new Date(end) };
  }

  /** All partitions at `now`, without a thought for the order of the definition. */
  ranges(now: number): RangeSet {
    return this.definition.kind === "static"
      ? this.#declared.set
      : RangeSet.of([{ slice: "", ...definedOrdinals(this.definition, now) }]);
  }

  /** How many there are at `now`. */
  count(now: number): number {
    return this.ranges(now).count;
  }

  /** The ordinal at a place in the order of the definition; counted from the end when negative. */
  at(index: number, now: number): number | undefined {
    if (this.definition.kind === "static") return this.#declared.ordinals.at(index);
    const { from, to } = definedOrdinals(this.definition, now);
    const ordinal = index < 0 ? to + index : from + index;
    return ordinal >= from && ordinal < to ? ordinal : undefined;
  }

  /** Where an ordinal stands in the order of the definition; undefined where it is none of it at `now`. */
  indexOf(ordinal: number, now: number): number | undefined {
    if (this.definition.kind === "static") return this.#declared.places.get(ordinal);
    const { from, to } = definedOrdinals(this.definition, now);
    return ordinal >= from && ordinal < to ? ordinal - from : undefined;
  }

  /** From one ordinal to another in the order of the definition, both included; none where they stand otherwise. */
  between(first: number, last: number, now: number): RangeSet {
    if (this.definition.kind !== "static")
      return this.ranges(now).intersection(RangeSet.of([{ slice: "", from: first, to: last + 1 }]));
    const [from, to] = [this.indexOf(first, now), this.indexOf(last, now)];
    if (from === undefined || to === undefined) return RangeSet.empty;
    return RangeSet.ofOrdinals(this.#declared.ordinals.slice(from, to + 1));
  }
}

/** The keys that a static definition has now, as ordinals; none of the others. */
class Declared {
  readonly ordinals: readonly number[];
  readonly set: RangeSet;
  readonly places: ReadonlyMap<number, number>;

  constructor(definition: PartitionDefinition, ordinals: ReadonlyMap<string, number>) {
    const keys = definition.kind === "static" ? definition.keys : [];
    this.ordinals = keys.map((key) => ordinals.get(key)).filter((ordinal) => ordinal !== undefined);
    this.set = RangeSet.ofOrdinals(this.ordinals);
    this.places = new Map(this.ordinals.map((ordinal, index) => [ordinal, index]));
  }
}
