import type { PlacedAsset } from "../../core/catalog/catalog-view.ts";
import type { Hold } from "../../core/catalog/hold.ts";
import { movePointers } from "../../core/catalog/move-pointers.ts";
import type { PartitionRange } from "../../core/partition/range.ts";
import type { Scope } from "../../ports/state/project-store.ts";
import {
  type AssetAggregate,
  type CountedPiece,
  shownAggregates,
  recount,
  writeAggregates,
} from "../catalog/aggregates.ts";
import type { NextSnapshot } from "../snapshots/next-snapshot.ts";
import {
  distinctPointers,
  isTombstone,
  type NewPointer,
  type OpenPointer,
  openPointersOf,
  writePointers,
} from "../catalog/pointers.ts";
import type { Script } from "../database/script.ts";

/** A place in the catalog and what it is to point at from the next snapshot on. */
export interface Placing {
  readonly assetId: number;
  readonly spaceId: number;
  readonly range: PartitionRange;
  /** Undefined: nothing any more. */
  readonly versionId: string | undefined;
  readonly dataVersion: string;
  /** Rows of it, where it holds for the version's whole range. */
  readonly rowCount: number | undefined;
  readonly hold?: Hold | undefined;
  /** The pointers it takes the place of. */
  readonly over: readonly OpenPointer[];
}

/** What placings do to the pointers and to what is counted of them. */
export interface Moves {
  readonly ended: readonly OpenPointer[];
  readonly opened: readonly NewPointer[];
  readonly recounted: readonly AssetAggregate[];
}

/**
 * Of placings that overlap, the later one wins. What costs is the number of pointers moved, not the number there are.
 */
export function* planMoves(scope: Scope, next: NextSnapshot, placings: readonly Placing[]): Script<Moves> {
  const aggregates = yield* shownAggregates(scope, "now", [
    ...new Set(placings.map(({ assetId }) => assetId)),
  ]);
  const byAsset = Map.groupBy(placings, ({ assetId }) => assetId);
  const spaces = new Map(
    [...byAsset].map(([assetId, own]) => {
      const made = own.find(({ versionId }) => versionId !== undefined) ?? own[0];
      return [assetId, made?.spaceId ?? 0];
    }),
  );
  const elsewhere = yield* formerSpaces(scope, spaces, aggregates);
  // What ends would let the base show again (N11), so that something has to lie there.
  const hasBase = scope.base !== undefined;
  // A base may cut its pieces anew where it lets go of a hold: counted is what shows now, not what differs from before.
  const shown = hasBase ? yield* openPointersOf(scope, [...byAsset.keys()]) : [];
  const ended: (readonly OpenPointer[])[] = [];
  const opened: NewPointer[] = [];
  const recounted: AssetAggregate[] = [];
  for (const [assetId, own] of byAsset) {
    const spaceId = spaces.get(assetId) ?? 0;
    const placed = own.filter((placing) => placing.spaceId === spaceId);
    const open = distinctPointers(placed.map(({ over }) => over));
    const moves = movePointers(open, placed);
    const former = elsewhere.filter((pointer) => pointer.assetId === assetId);
    // Whole lists: there may be a million, too many for the arguments of a call.
    ended.push(moves.ended, former);
    if (hasBase) for (const pointer of former) opened.push(tombstone(pointer, next));
    const added: CountedPiece[] = [];
    for (const { range, of } of moves.remaining) {
      if (of.own) opened.push({ ...of, range });
      // A part of a version: its rows are no longer known.
      added.push({ ...of, range, rowCount: undefined });
    }
    for (const { range, of } of moves.added) {
      if (isTombstone(of) && !hasBase) continue;
      opened.push({ ...of, range, hold: of.hold, since: next.number, publishedAt: next.at });
      const whole = range.from === of.range.from && range.to === of.range.to;
      added.push({ ...of, range, rowCount: whole ? of.rowCount : undefined });
    }
    const counts = hasBase
      ? recount(undefined, [], [...unmoved(shown, { assetId, spaceId }, moves.ended), ...added])
      : recount(aggregates.get(assetId), [...moves.ended, ...former], added);
    recounted.push({ assetId, spaceId, ...counts });
  }
  return { ended: ended.flat(), opened, recounted };
}

/** What stays of an asset as it is. */
function unmoved(
  shown: readonly OpenPointer[],
  { assetId, spaceId }: PlacedAsset,
  ended: readonly OpenPointer[],
): readonly OpenPointer[] {
  const key = ({ id, range }: OpenPointer): string => `${id} ${range.slice} ${range.from}`;
  const gone = new Set(ended.map(key));
  return shown.filter(
    (piece) => piece.assetId === assetId && piece.spaceId === spaceId && !gone.has(key(piece)),
  );
}

/** Moves pointers and what is counted of them. False when nothing moves. */
export function* writeMoves(
  scope: Scope,
  next: NextSnapshot,
  { ended, opened, recounted }: Moves,
): Script<boolean> {
  yield* writePointers(scope, next.number, ended, opened);
  yield* writeAggregates(scope, next.number, recounted);
  return opened.length > 0 || ended.length > 0;
}

/** A changed partitioning is another space (N12): what lay in the former one ends with the first publish in the new. */
function* formerSpaces(
  scope: Scope,
  spaces: ReadonlyMap<number, number>,
  aggregates: ReadonlyMap<number, AssetAggregate>,
): Script<readonly OpenPointer[]> {
  const changed = [...spaces].filter(
    ([assetId, spaceId]) => (aggregates.get(assetId)?.spaceId ?? spaceId) !== spaceId,
  );
  const open = yield* openPointersOf(
    scope,
    changed.map(([assetId]) => assetId),
  );
  return open.filter((pointer) => pointer.spaceId !== spaces.get(pointer.assetId) && !isTombstone(pointer));
}

function tombstone(pointer: OpenPointer, next: NextSnapshot): NewPointer {
  return { ...pointer, versionId: undefined, hold: undefined, since: next.number, publishedAt: next.at };
}
