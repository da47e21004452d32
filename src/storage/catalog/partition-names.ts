import { timeKey } from "../../core/partition/calendar.ts";
import type { PartitionRange } from "../../core/partition/range.ts";
import { unitOfIdentity } from "../../core/partition/space-identity.ts";
import { first, forRows, type Script } from "../database/script.ts";

/** Names of the first few partitions of some ranges, in their order; none of a space that has none. */
export function* firstPartitionNames(
  spaceId: number,
  ranges: readonly PartitionRange[],
  most: number,
): Script<readonly string[]> {
  const ordinals = ranges
    .flatMap(({ from, to }) => Array.from({ length: Math.min(most, to - from) }, (_, index) => from + index))
    .slice(0, most);
  const space = yield* first<{ identity: string }>(
    "select identity from partition_space where id = ?",
    spaceId,
  );
  const unit = unitOfIdentity(space?.identity ?? "");
  if (unit !== undefined) return ordinals.map((ordinal) => timeKey(unit, ordinal));
  const rows = yield* forRows<{ ordinal: number; key: string }>(
    `with r as {rows ordinal integer}
     select k.ordinal, k.key from r {join} partition_key k on k.space_id = ? and k.ordinal = r.ordinal`,
    ordinals.map((ordinal) => [ordinal]),
    spaceId,
  );
  const keys = new Map(rows.map(({ ordinal, key }) => [ordinal, key]));
  return ordinals.flatMap((ordinal) => keys.get(ordinal) ?? []);
}
