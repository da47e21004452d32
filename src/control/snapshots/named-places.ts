import { knownAsset } from "../../core/plan/known-asset.ts";
import { MillraceError } from "../../core/errors.ts";
import type { PartitionRange } from "../../core/partition/range.ts";
import type { ControlContext } from "../control-context.ts";

/** A place of the catalog in words: an asset, and which of its partitions. */
export interface NamedPlace {
  readonly asset: string;
  /** "2001-01", or "2001-01..2001-03" for several; absent for an asset without partitions. */
  readonly partition: string | undefined;
  /** How many partitions; 1 for an asset without. */
  readonly partitions: number;
}

export function namedPlace(key: string, range: PartitionRange, { graph, known }: ControlContext): NamedPlace {
  const asset = graph.byKey.get(key);
  if (asset === undefined) throw new MillraceError("ASSET_NOT_FOUND", { key });
  return {
    asset: key,
    partition: partitionName(range, knownAsset(known, asset)),
    partitions: range.to - range.from,
  };
}

/** The partition's name; the first and the last one of a range that holds several. */
export function partitionName(
  { from, to }: PartitionRange,
  { space }: { readonly space: { keyOf(ordinal: number): string | undefined } },
): string | undefined {
  const first = space.keyOf(from);
  return first === undefined || to === from + 1 ? first : `${first}..${space.keyOf(to - 1) ?? ""}`;
}
