import type { AssetDefinition } from "../core/asset/asset-definition.ts";
import type { CatalogView, VersionPiece } from "../core/catalog/catalog-view.ts";
import { readableParts } from "../core/catalog/readable-part.ts";
import { wholeRange } from "../core/partition/range.ts";
import { unpartitioned } from "../core/partition/partitions.ts";
import type { KnownAsset } from "../core/plan/known-asset.ts";
import type { CheckCircumstances } from "./check-context.ts";
import type { CheckSubject } from "./check-subject.ts";
import { factsOfPieces, readOf } from "./version-facts.ts";

/** A whole asset as checks see it. */
export function wholeSubject(about: {
  readonly asset: AssetDefinition;
  readonly known: KnownAsset;
  readonly view: CatalogView;
  /** What was current before. */
  readonly before: { readonly snapshot: number; readonly pieces: readonly VersionPiece[] };
  readonly signal: AbortSignal;
  readonly circumstances: Omit<CheckCircumstances, "snapshot" | "partition">;
}): CheckSubject {
  const { asset, known, view, before, signal, circumstances } = about;
  const pieces = view.pieces(known);
  const none = before.pieces.length === 0;
  return {
    asset,
    range: wholeRange,
    partitions: unpartitioned,
    parts: readableParts(pieces, known.space),
    many: true,
    view,
    facts: factsOfPieces(pieces),
    before: none ? undefined : factsOfPieces(before.pieces),
    ownReads: [readOf(asset, pieces, view.snapshot)],
    beforeReads: none ? [] : [readOf(asset, before.pieces, before.snapshot)],
    signal,
    circumstances: { ...circumstances, snapshot: view.snapshot, partition: undefined },
  };
}
