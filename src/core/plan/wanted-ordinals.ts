import type { AssetDefinition } from "../asset/asset-definition.ts";
import { MillraceError } from "../errors.ts";
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
export function wantedOrdinals(
  asset: AssetDefinition,
  request: {
    readonly partitions?: PartitionRequest;
    readonly known: ReadonlyMap<string, KnownAsset>;
    readonly now: number;
  },
): readonly number[] {
  const { space } = knownAsset(request.known, asset);
  const all = space.ordinals(request.now);
  if (request.partitions === undefined || asset.partitions.kind === "none") return all;
  const refuse = (partition: string): never => {
    const [first, last] = [all[0], all.at(-1)].map((edge) => (edge === undefined ? "" : space.keyOf(edge)));
    const known = first === last ? String(first) : `${first}..${last}`;
    throw new MillraceError("PARTITION_UNKNOWN", { partition, key: asset.key, known });
  };
  const position = (key: string): number => {
    const ordinal = space.ordinalOf(key, request.now);
    return ordinal === undefined ? refuse(key) : all.indexOf(ordinal);
  };
  const { from, to } = request.partitions;
  const [first, last] = [position(from), position(to)];
  return first > last ? refuse(`${from}..${to}`) : all.slice(first, last + 1);
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
