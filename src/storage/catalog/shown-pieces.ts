import type { PlacedAsset } from "../../core/catalog/catalog-view.ts";
import { showThrough } from "../../core/catalog/show-through.ts";
import { compareRanges, type PartitionRange } from "../../core/partition/range.ts";
import type { Scope } from "../../ports/state/project-store.ts";
import type { Script } from "../database/script.ts";

/** A range of an asset and what is there. */
export interface ShownPiece extends PlacedAsset {
  readonly range: PartitionRange;
  /** Undefined: nothing, whatever the base has there. */
  readonly versionId: string | undefined;
}

/**
 * What an environment shows at a snapshot or now: its own pieces and, where it has none, those of its base (N11). Up to
 * the snapshot that it is based on, it is its base. The one place that knows so; whoever reads pointers says how, in one
 * environment, and what becomes of a piece that shows through.
 *
 * In order of asset and range. An environment without a base costs nothing more than `read` does.
 *
 * @param inherit A piece of the base as it shows here; `range` is what is left of it
 */
export function* shownPieces<Piece extends ShownPiece>(
  scope: Scope,
  at: number | "now",
  read: (scope: Scope, at: number | "now") => Script<readonly Piece[]>,
  inherit: (piece: Piece, range: PartitionRange) => Piece,
): Script<readonly Piece[]> {
  const { base } = scope;
  if (base === undefined) return yield* read(scope, at);
  if (at !== "now" && at < base.snapshot) return yield* shownPieces(base.scope, at, read, inherit);
  const own = yield* read(scope, at);
  const before = yield* shownPieces(base.scope, base.snapshot, read, inherit);
  const through = showThrough(
    before.filter(({ versionId }) => versionId !== undefined),
    own,
  );
  return [...own, ...through.map(({ of, range }) => inherit(of, range))].sort(
    (a, b) => a.assetId - b.assetId || compareRanges(a.range, b.range),
  );
}
