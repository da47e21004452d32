import type { AssetDefinition } from "../../core/asset/asset-definition.ts";
import { aggregateDataVersion } from "../../core/catalog/aggregate.ts";
import type { VersionPiece } from "../../core/catalog/catalog-view.ts";
import type { VersionInput, VersionRecord } from "../../core/catalog/version.ts";
import { compareRanges, type PartitionRange } from "../../core/partition/range.ts";
import type { RecordedFacts } from "../../core/check/recorded-answer.ts";

/** What is recorded of a version, or of several together. */
export function factsOf(versions: readonly VersionRecord[]): RecordedFacts {
  const [only] = versions;
  let rowCount: number | undefined = 0;
  let madeAt = 0;
  for (const version of versions) {
    rowCount =
      rowCount === undefined || version.rowCount === undefined ? undefined : rowCount + version.rowCount;
    madeAt = Math.max(madeAt, version.stagedAt ?? version.createdAt);
  }
  return versions.length === 1
    ? { rowCount, madeAt, columns: only?.columns, metadata: only?.metadata }
    : { rowCount, madeAt };
}

/** The same of an asset's pieces; rows of a part of a version are not counted. */
export function factsOfPieces(pieces: readonly VersionPiece[]): RecordedFacts {
  const { madeAt } = factsOf(pieces.map(({ version }) => version));
  const whole = pieces.every(
    ({ range, version }) => range.from === version.range.from && range.to === version.range.to,
  );
  const { rowCount } = factsOf(pieces.map(({ version }) => version));
  return { madeAt, ...(whole ? { rowCount } : {}) };
}

/** Pieces of an asset, as an evaluation names them. */
export function readOf(
  { key, partitions }: AssetDefinition,
  pieces: readonly Pick<VersionPiece, "range" | "version">[],
  snapshot: number,
): VersionInput {
  const dataVersion = aggregateDataVersion(
    pieces.map(({ range, version }) => ({ range, dataVersion: version.dataVersion ?? "" })),
  );
  const ranges = partitions.kind === "none" ? {} : { ranges: joined(pieces.map(({ range }) => range)) };
  return { asset: key, ...ranges, snapshot, dataVersion };
}

/** Neighbouring ranges as one: never a list of a million partitions (N5). */
function joined(ranges: readonly PartitionRange[]): readonly PartitionRange[] {
  const runs: PartitionRange[] = [];
  for (const range of ranges.toSorted(compareRanges)) {
    const last = runs.at(-1);
    if (last !== undefined && last.slice === range.slice && last.to === range.from)
      runs[runs.length - 1] = { ...last, to: range.to };
    else runs.push(range);
  }
  return runs;
}
