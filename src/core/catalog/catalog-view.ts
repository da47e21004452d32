import { compareRanges, cutTo, overlaps, type PartitionRange } from "../partition/range.ts";
import { firstReaching } from "../partition/range-set.ts";
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
  /** In order, by asset and space: what was published before an asset's partitioning changed means something else (N12). */
  readonly #pieces: Map<string, VersionPiece[]>;
  /** Lists that no other view has. */
  readonly #own = new Set<string>();

  constructor(snapshot: number, current: readonly CurrentVersion[]) {
    this.snapshot = snapshot;
    const pieces = current.map(({ range, version, publishedAt }) => ({ range, version, publishedAt }));
    this.#pieces = Map.groupBy<string, VersionPiece>(pieces, ({ version }) => placeKey(version));
  }

  /** This view, and over it versions that nobody else sees yet. */
  overlaid(versions: readonly VersionRecord[]): CatalogView {
    const view = new CatalogView(this.snapshot, []);
    for (const [place, pieces] of this.#pieces) view.#pieces.set(place, pieces);
    for (const version of versions) view.stage(version);
    return view;
  }

  /** Puts a staged version in the place of what it will replace. */
  stage(version: VersionRecord): void {
    this.place(version, version.range, version);
  }

  /** Puts a version, or nothing, in the place of all that lies in a range. */
  place(asset: PlacedAsset, range: PartitionRange, version: VersionRecord | undefined): void {
    const pieces = this.#ownPieces(placeKey(asset));
    const first = firstReaching(pieces, pieceRange, range);
    let next = first;
    for (; next < pieces.length; next += 1) {
      const piece = pieces[next];
      if (piece === undefined || !overlaps(piece.range, range)) break;
    }
    const parts = pieces.slice(first, next).flatMap((piece) => remainders(piece, range));
    const placed = version === undefined ? parts : [...parts, { range, version }];
    pieces.splice(first, next - first, ...placed.sort((a, b) => compareRanges(a.range, b.range)));
  }

  #ownPieces(place: string): VersionPiece[] {
    const known = this.#pieces.get(place) ?? [];
    if (this.#own.has(place)) return known;
    const own = [...known];
    this.#pieces.set(place, own);
    this.#own.add(place);
    return own;
  }

  /** All of an asset, in order of partition. */
  pieces(asset: PlacedAsset): readonly VersionPiece[] {
    return this.#pieces.get(placeKey(asset)) ?? [];
  }

  /** The parts of an asset that lie in a range, cut to it. */
  within(asset: PlacedAsset, range: PartitionRange): readonly VersionPiece[] {
    const pieces = this.pieces(asset);
    const found: VersionPiece[] = [];
    for (let index = firstReaching(pieces, pieceRange, range); index < pieces.length; index += 1) {
      const piece = pieces[index];
      if (piece === undefined || !overlaps(piece.range, range)) break;
      found.push({ ...piece, range: cutTo(piece.range, range) });
    }
    return found;
  }

  /** The version that holds exactly this range, if one does. */
  exactly(asset: PlacedAsset, range: PartitionRange): VersionPiece | undefined {
    const pieces = this.pieces(asset);
    const piece = pieces[firstReaching(pieces, pieceRange, range)];
    return piece?.range.slice === range.slice && piece.range.from <= range.from && piece.range.to >= range.to
      ? piece
      : undefined;
  }
}

function pieceRange({ range }: VersionPiece): PartitionRange {
  return range;
}

function placeKey({ assetId, spaceId }: PlacedAsset): string {
  return `${assetId} ${spaceId}`;
}

function remainders(piece: VersionPiece, taken: PartitionRange): VersionPiece[] {
  if (!overlaps(piece.range, taken)) return [piece];
  const before = { ...piece.range, to: taken.from };
  const after = { ...piece.range, from: taken.to };
  return [before, after].filter((range) => range.from < range.to).map((range) => ({ ...piece, range }));
}
