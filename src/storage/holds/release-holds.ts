import { missingFrom, overlaps } from "../../core/partition/range.ts";
import { movePointers } from "../../core/catalog/move-pointers.ts";
import type { HoldTarget, ReleaseRequest, ReleaseResult } from "../../ports/state/hold-store.ts";
import type { Scope } from "../../ports/state/project-store.ts";
import type { NewEvent } from "../../core/run/event.ts";
import { correctAggregates, recount, shownAggregates } from "../catalog/aggregates.ts";
import { appendEvents } from "../events/append-events.ts";
import type { Candidate } from "../publish/candidates.ts";
import { keepEvaluations, refuseOvertaken } from "../publish/checked-publish.ts";
import { nextSnapshot, type NextSnapshot, writeSnapshot } from "../snapshots/next-snapshot.ts";
import { planMoves, writeMoves } from "../publish/place-versions.ts";
import { type NewPointer, type OpenPointer, openPointersOf, rewritePointers } from "../catalog/pointers.ts";
import { judge, type Judged, namedIn, settleVersions } from "../publish/publish.ts";
import { refuseUnreadable } from "../publish/refuse-unreadable.ts";
import type { Script } from "../database/script.ts";
import { readWaiting } from "../publish/waiting-versions.ts";

/**
 * Ends holds (N17). That is no publish: what is current stays current. Versions that were left staged meanwhile are
 * told of, and published only when that is asked for, in the same transaction.
 */
export function* releaseHolds(scope: Scope, request: ReleaseRequest): Script<ReleaseResult> {
  const { by, reason, publish = false, force = false } = request;
  const next = yield* nextSnapshot(scope);
  const open = yield* openPointersOf(
    scope,
    request.targets.map(({ assetId }) => assetId),
  );
  const held = open.filter(({ hold }) => hold !== undefined);
  const freed = request.targets.flatMap((target) => free(scope, target, held));
  if (freed.length === 0) return { released: [], published: [], superseded: [], waiting: [] };
  yield* rewritePointers(
    scope,
    freed.map(({ pointer }) => pointer),
    freed.flatMap(({ pieces }) => pieces),
  );
  yield* recountPieces(scope, freed);
  const released = freed.flatMap(({ target, ranges }) => ranges.map((range) => ({ key: target.key, range })));
  const waiting = yield* readWaiting(
    scope,
    freed.map(({ pointer, ranges }) => ({ pointer, ranges })),
  );
  const judged = publish ? yield* publishWaiting(scope, next, waiting, request) : undefined;
  const going = judged?.going.length ?? 0;
  const named = namedIn(released.map(({ key }) => key));
  const forced = force ? { forced: true as const } : {};
  const events: NewEvent[] = [{ type: "released", data: { by, reason, ...named, ...forced } }];
  if (going > 0) {
    yield* writeSnapshot(scope, next, { origin: "release", actor: by, reason, forced: force });
    events.push(...(yield* keepEvaluations(scope, request.checked)));
    events.push({ type: "published", data: { snapshot: next.number, versions: going, ...named } });
  }
  yield* appendEvents(scope, next.now, events);
  const published = judged?.going.map(({ candidate }) => candidate.versionId) ?? [];
  const superseded = judged?.superseded.map(({ versionId }) => versionId) ?? [];
  const settled = new Set([...published, ...superseded]);
  return {
    released,
    ...(going === 0 ? {} : { snapshot: next.number }),
    published,
    superseded,
    waiting: waiting.map(({ versionId }) => versionId).filter((id) => !settled.has(id)),
  };
}

interface Freed {
  readonly target: HoldTarget;
  readonly pointer: OpenPointer;
  /** What of it is no longer held. */
  readonly ranges: readonly OpenPointer["range"][];
  /** What takes the pointer's place. One that points at nothing has no purpose without its hold, unless a base would show. */
  readonly pieces: readonly (NewPointer & { readonly validFrom: number })[];
}

function free(scope: Scope, target: HoldTarget, held: readonly OpenPointer[]): readonly Freed[] {
  const own = held.filter(({ assetId, spaceId }) => assetId === target.assetId && spaceId === target.spaceId);
  return own.flatMap((pointer): Freed[] => {
    const over = (target.ranges ?? [pointer.range]).filter((range) => overlaps(range, pointer.range));
    if (over.length === 0) return [];
    const kept = missingFrom(pointer.range, over);
    const ranges = missingFrom(pointer.range, kept);
    const piece = (range: OpenPointer["range"], hold: OpenPointer["hold"]) => ({ ...pointer, range, hold });
    const isIdle = pointer.versionId === undefined && scope.base === undefined;
    const freed = isIdle ? [] : ranges.map((range) => piece(range, undefined));
    return [
      { target, pointer, ranges, pieces: [...kept.map((range) => piece(range, pointer.hold)), ...freed] },
    ];
  });
}

/** A pointer that was cut holds for parts of its version, of which nobody has counted the rows. */
function* recountPieces(scope: Scope, freed: readonly Freed[]): Script<void> {
  const cut = freed.filter(({ pieces }) => pieces.length > 1);
  const byAsset = Map.groupBy(cut, ({ pointer }) => pointer.assetId);
  const before = yield* shownAggregates(scope, "now", [...byAsset.keys()]);
  yield* correctAggregates(
    scope,
    [...before.values()].map((aggregate) => {
      const own = byAsset.get(aggregate.assetId) ?? [];
      const pieces = own.flatMap(({ pieces, pointer }) =>
        pieces.map((piece) => ({ ...pointer, ...piece, rowCount: undefined })),
      );
      const removed = own.map(({ pointer }) => pointer);
      return { ...aggregate, ...recount(aggregate, removed, pieces) };
    }),
  );
}

/** The newest version that waits at each place; older ones that it covers stay behind. */
function* publishWaiting(
  scope: Scope,
  next: NextSnapshot,
  waiting: readonly Candidate[],
  { force = false, checked }: ReleaseRequest,
): Script<Judged> {
  const newest = new Set(
    [...Map.groupBy(waiting, ({ assetId }) => assetId).values()].flatMap((own) =>
      movePointers([], own).added.map(({ of }) => of),
    ),
  );
  // In the order in which they were made: where two overlap, the later one wins.
  const waitingNewest = waiting.filter((one) => newest.has(one));
  const judged = yield* judge(scope, waitingNewest, false);
  const planned = yield* planMoves(
    scope,
    next,
    judged.going.map(({ candidate, over }) => ({ ...candidate, over })),
  );
  yield* refuseOvertaken(scope, checked, planned.recounted);
  yield* writeMoves(scope, next, planned);
  const going = judged.going.map(({ candidate }) => candidate.versionId);
  yield* refuseUnreadable(scope, going, { backwards: true, force });
  yield* settleVersions(next, judged);
  return judged;
}
