import { MillraceError } from "../core/errors.ts";
import { parseTimeKey } from "../core/partition/calendar.ts";
import type { PartitionDefinition } from "../core/partition/partitions.ts";

/** A partition of a partitioning; undefined of what has none. */
export interface NamedPartition {
  readonly partitions: PartitionDefinition;
  readonly key: string | undefined;
}

/** Each partitioning that is named somewhere, cut to the stretch from the first to the last partition named. */
export function narrowPartitions(
  all: Iterable<NamedPartition>,
): ReadonlyMap<PartitionDefinition, PartitionDefinition> {
  const named = new Map<PartitionDefinition, Set<string>>();
  for (const { partitions, key } of all) {
    if (partitions.kind === "none" || key === undefined) continue;
    named.set(partitions, (named.get(partitions) ?? new Set()).add(key));
  }
  return new Map([...named].map(([definition, keys]) => [definition, narrow(definition, [...keys])]));
}

function narrow(definition: PartitionDefinition, keys: readonly string[]): PartitionDefinition {
  if (definition.kind === "static")
    return { ...definition, keys: definition.keys.filter((key) => keys.includes(key)) };
  if (definition.kind === "none") return definition;
  const ordinals = keys.map((key) => {
    const ordinal = parseTimeKey(definition.unit, key);
    if (ordinal !== undefined) return ordinal;
    const details = {
      partition: key,
      key: "the asset",
      known: `${definition.unit}s, written like ${definition.unit === "month" ? "2001-01" : "2001-01-31"}`,
    };
    throw new MillraceError("PARTITION_UNKNOWN", details);
  });
  return { ...definition, first: Math.min(...ordinals), last: Math.max(...ordinals) };
}
