import { isExternal, type AssetDefinition } from "../asset/asset-definition.ts";
import { aggregateDataVersion } from "../catalog/aggregate.ts";
import type { CatalogView, PlacedAsset, VersionPiece } from "../catalog/catalog-view.ts";
import type { VersionInput } from "../catalog/version.ts";
import { wholeRange, type PartitionRange } from "../partition/range.ts";
import { RangeSet } from "../partition/range-set.ts";
import type { KnownAsset } from "./known-asset.ts";

/** What a step reads of one dependency. */
export interface StepInput {
  readonly name: string;
  readonly asset: AssetDefinition;
  /** All partitions, rather than the step's own one. */
  readonly all: boolean;
  readonly ranges: readonly PartitionRange[];
}

/**
 * The ranges a step over `range` reads of each dependency: the same partition where both are partitioned alike
 * (identity), all partitions of the definition where only the dependency is partitioned (N24).
 */
export function stepInputs(
  asset: {
    readonly dependencies: ReadonlyMap<string, AssetDefinition>;
    readonly partitions: AssetDefinition["partitions"];
  },
  range: PartitionRange,
  known: ReadonlyMap<string, KnownAsset>,
  now: number,
): readonly StepInput[] {
  return [...asset.dependencies].map(([name, dependency]) => {
    if (dependency.partitions.kind === "none")
      return { name, asset: dependency, all: false, ranges: [wholeRange] };
    if (asset.partitions === dependency.partitions)
      return { name, asset: dependency, all: false, ranges: [range] };
    const ranges = known.get(dependency.key)?.space.ranges(now).ranges ?? [];
    return { name, asset: dependency, all: true, ranges };
  });
}

/** The versions behind an input, in order of partition. */
export function inputPieces(
  input: StepInput,
  view: CatalogView,
  asset: PlacedAsset,
): readonly VersionPiece[] {
  return input.ranges.flatMap((range) => view.within(asset, range));
}

/** What nothing holds of an input. */
export function missingOf(input: StepInput, view: CatalogView, asset: PlacedAsset): RangeSet {
  const present = inputPieces(input, view, asset).map((piece) => piece.range);
  return RangeSet.of(input.ranges).difference(RangeSet.of(present));
}

/**
 * What a version made now would record of an input (N5). `observed` is the data version last seen of an external
 * asset. Undefined when there is nothing to read yet.
 */
export function versionInput(
  input: StepInput,
  view: CatalogView,
  known: KnownAsset,
  observed: string | undefined,
): VersionInput | undefined {
  const { recordedAs = input.asset.key } = known;
  if (isExternal(input.asset)) {
    return observed === undefined
      ? undefined
      : { asset: recordedAs, snapshot: view.snapshot, dataVersion: observed };
  }
  const pieces = inputPieces(input, view, known);
  if (pieces.length === 0) return undefined;
  const partitioned = input.asset.partitions.kind !== "none";
  return {
    asset: recordedAs,
    ...(partitioned ? { ranges: input.ranges } : {}),
    snapshot: view.snapshot,
    dataVersion: aggregateDataVersion(
      pieces.map((piece) => ({ range: piece.range, dataVersion: piece.version.dataVersion ?? "" })),
    ),
  };
}
