import { compareRanges, cutTo, overlaps, type PartitionRange } from "../partition/range.ts";
import type { CurrentVersion, VersionRecord } from "./version.ts";

/** A range of an asset and the version that holds it. */
export interface VersionPiece {
  readonly range: PartitionRange;
  readonly version: VersionRecord;
  /** When it became current, in milliseconds; absent for what this run has staged. */
  readonly publishedAt?: number;
}

/** An asset in the partition space it has today. */
export interface PlacedAsset {
  readonly assetId: number;
  readonly spaceId: number;
}

/**
 * What one reader sees: the catalog at a snapshot, overlaid with what its own run has staged since (N14). Never
 * another run's later publishes.
 */
export class CatalogView {
  readonly snapshot: number;
  readonly #pieces: Map<number, VersionPiece[]>;

  constructor(snapshot: number, current: readonly CurrentVersion[]) {
    this.snapshot = snapshot;
    const pieces = current.map(({ range, version, publishedAt }) => ({ range, version, publishedAt }));
    this.#pieces = Map.groupBy<number, VersionPiece>(pieces, ({ version }) => version.assetId);
  }

  /** This view, and over it versions that nobody else sees yet. */
  overlaid(versions: readonly VersionRecord[]): CatalogView {
    const view = new CatalogView(this.snapshot, []);
    for (const [assetId, pieces] of this.#pieces) view.#pieces.set(assetId, pieces);
    for (const version of versions) view.stage(version);
    return view;
  }

  /** Puts a staged version in the place of what it will replace. */
  stage(version: VersionRecord): void {
    const kept = (this.#pieces.get(version.assetId) ?? []).flatMap((piece) =>
      remainders(piece, version.range),
    );
    kept.push({ range: version.range, version });
    this.#pieces.set(
      version.assetId,
      kept.sort((a, b) => compareRanges(a.range, b.range)),
    );
  }

  /**
   * All of an asset, in order of partition. What was published before its partitioning changed is not among it: those
   * ordinals mean something else (N12).
   */
  pieces({ assetId, spaceId }: PlacedAsset): readonly VersionPiece[] {
    const pieces = this.#pieces.get(assetId) ?? [];
    return pieces.every((piece) => piece.version.spaceId === spaceId)
      ? pieces
      : pieces.filter((piece) => piece.version.spaceId === spaceId);
  }

  /** The parts of an asset that lie in a range, cut to it. */
  within(asset: PlacedAsset, range: PartitionRange): readonly VersionPiece[] {
    return this.pieces(asset)
      .filter((piece) => overlaps(piece.range, range))
      .map((piece) => ({ ...piece, range: cutTo(piece.range, range) }));
  }

  /** The version that holds exactly this range, if one does. */
  exactly(asset: PlacedAsset, range: PartitionRange): VersionPiece | undefined {
    return this.pieces(asset).find(
      (piece) =>
        piece.range.slice === range.slice && piece.range.from <= range.from && piece.range.to >= range.to,
    );
  }
}

function remainders(piece: VersionPiece, taken: PartitionRange): VersionPiece[] {
  if (!overlaps(piece.range, taken)) return [piece];
  const before = { ...piece.range, to: taken.from };
  const after = { ...piece.range, from: taken.to };
  return [before, after].filter((range) => range.from < range.to).map((range) => ({ ...piece, range }));
}
