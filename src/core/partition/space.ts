import { parseTimeKey, timeKey, timeWindow } from "./calendar.ts";
import { definedOrdinals, type PartitionDefinition } from "./partitions.ts";

/**
 * The partitions of one asset with their lasting ordinals. For calendar units the ordinal is arithmetic; static keys
 * get theirs from state, so that reordering or removing keys never renames a partition.
 */
export class PartitionSpace {
  readonly definition: PartitionDefinition;
  readonly #ordinals: ReadonlyMap<string, number>;
  readonly #keys: ReadonlyMap<number, string>;

  constructor(definition: PartitionDefinition, ordinals?: ReadonlyMap<string, number>) {
    this.definition = definition;
    const known =
      ordinals ??
      new Map(definition.kind === "static" ? definition.keys.map((key, index) => [key, index]) : []);
    this.#ordinals = known;
    this.#keys = new Map([...known].map(([key, ordinal]) => [ordinal, key]));
  }

  /** Undefined when there is no such partition at `now` (milliseconds). */
  ordinalOf(key: string, now: number): number | undefined {
    if (this.definition.kind === "static") {
      return this.definition.keys.includes(key) ? this.#ordinals.get(key) : undefined;
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

  /** Ordinals of the keys that a static definition has now; none for the others. */
  get declared(): readonly number[] {
    if (this.definition.kind !== "static") return [];
    return this.definition.keys
      .map((key) => this.#ordinals.get(key))
      .filter((ordinal) => ordinal !== undefined);
  }

  /** Ordinals of all partitions at `now`, in the order of the definition. */
  ordinals(now: number): readonly number[] {
    if (this.definition.kind === "static") return this.declared;
    const { from, to } = definedOrdinals(this.definition, now);
    return Array.from({ length: to - from }, (_, index) => from + index);
  }
}
