import type { AssetDefinition } from "../asset/asset-definition.ts";
import { MillraceError } from "../errors.ts";
import type { RangeSet } from "../partition/range-set.ts";
import { knownAsset, type KnownAsset } from "./known-asset.ts";

/** Which partitions are meant: one (`from` = `to`) or a stretch of them, both ends included. */
export interface PartitionRequest {
  readonly from: string;
  readonly to: string;
}

/**
 * The partitions of an asset that a request means: all where none is asked for.
 *
 * @throws PARTITION_UNKNOWN
 */
export function wantedRanges(
  asset: AssetDefinition,
  request: {
    readonly partitions?: PartitionRequest;
    readonly known: ReadonlyMap<string, KnownAsset>;
    readonly now: number;
  },
): RangeSet {
  const { known, now, partitions } = request;
  const { space } = knownAsset(known, asset);
  if (partitions === undefined || asset.partitions.kind === "none") return space.ranges(now);
  const refuse = (partition: string): never => {
    const [first, last] = [space.at(0, now), space.at(-1, now)].map((edge) =>
      edge === undefined ? "" : space.keyOf(edge),
    );
    const all = first === last ? String(first) : `${first}..${last}`;
    throw new MillraceError("PARTITION_UNKNOWN", { partition, key: asset.key, known: all });
  };
  const ordinal = (key: string): number => space.ordinalOf(key, now) ?? refuse(key);
  const { from, to } = partitions;
  const wanted = space.between(ordinal(from), ordinal(to), now);
  return wanted.isEmpty ? refuse(`${from}..${to}`) : wanted;
}

/** @throws PARTITION_NEEDED when a partition is asked for, and none of the assets has any */
export function refusePartitions(
  assets: readonly AssetDefinition[],
  partitions: PartitionRequest | undefined,
): void {
  if (partitions === undefined || assets.length === 0) return;
  if (assets.some((asset) => asset.partitions.kind !== "none")) return;
  const key = assets.map((asset) => asset.key).join(", ");
  throw new MillraceError("PARTITION_NEEDED", { partition: partitions.from, key });
}
