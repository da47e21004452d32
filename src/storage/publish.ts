import { movePointers } from "../core/catalog/move-pointers.ts";
import { MillraceError } from "../core/errors.ts";
import type { Scope } from "../ports/state/project-store.ts";
import type { PublishRequest, PublishResult, RunLease } from "../ports/state/run-store.ts";
import {
  type AssetAggregate,
  type CountedPiece,
  readAggregates,
  recount,
  writeAggregates,
} from "./aggregates.ts";
import { appendEvents, type NewEvent } from "./append-events.ts";
import { type Candidate, readCandidates } from "./candidates.ts";
import { refuseClaimed, releaseClaims } from "./claims.ts";
import {
  type NewPointer,
  type OpenPointer,
  openPointersOf,
  openPointersOver,
  writePointers,
} from "./pointers.ts";
import { lockRun } from "./run-lease.ts";
import { first, run, runRows, type Script } from "./script.ts";
import { findSuperseded, type Placement } from "./supersede.ts";

/** The next snapshot of an environment: its number, and when. */
interface Next {
  readonly number: number;
  readonly at: number;
}

/**
 * Makes versions current, all in one snapshot (N16). The environment's row is the lock: publishes of one environment
 * take turns, so a snapshot is one publish and nothing else. What costs is the number of pointers moved, not the
 * number there are.
 */
export function* publishVersions(
  scope: Scope,
  lease: RunLease,
  { versionIds, retire = [] }: PublishRequest,
): Script<PublishResult> {
  const now = yield* lockRun(scope, lease);
  const next = yield* nextSnapshot(scope, now);
  const requested = yield* readCandidates(lease, versionIds);
  const staged = requested.filter(({ state }) => state === "staged");
  const judged = yield* judge(scope, lease, staged);
  const retired = yield* openPointersOf(scope, [...new Set(retire)]);
  const aggregates = yield* readAggregates(scope, [
    ...new Set([
      ...judged.going.map(({ candidate }) => candidate.assetId),
      ...retired.map(({ assetId }) => assetId),
    ]),
  ]);
  const moved = yield* movePlacements(scope, next, judged.going, aggregates, retired);
  yield* settleVersions(next, judged);
  yield* releaseClaims(
    lease.runId,
    staged.map(({ step }) => step),
  );
  const before = next.number - 1;
  if (moved) yield* writeSnapshot(scope, lease, next);
  yield* appendEvents(scope, now, eventsOf(lease, next, judged, retired, moved));
  const earlier = (state: string): string[] =>
    requested.filter((one) => one.state === state).map((one) => one.versionId);
  return {
    snapshot: moved ? next.number : before,
    published: [...earlier("published"), ...judged.going.map(({ candidate }) => candidate.versionId)],
    superseded: [...earlier("superseded"), ...judged.superseded.map(({ versionId }) => versionId)],
    held: judged.held.map(({ versionId }) => versionId),
  };
}

function* nextSnapshot(scope: Scope, now: number): Script<Next> {
  const environment = yield* first<{ snapshot: number; published_at: number }>(
    "select snapshot, published_at from environment where id = ? {lock}",
    scope.environmentId,
  );
  if (environment === undefined) {
    throw new MillraceError("INTERNAL", { reason: `there is no environment ${scope.environmentId}` });
  }
  // Time never runs backwards, whatever the clock does (N13).
  return { number: environment.snapshot + 1, at: Math.max(now, environment.published_at) };
}

interface Judged {
  readonly going: readonly Placement[];
  readonly superseded: readonly Candidate[];
  readonly held: readonly Candidate[];
}

/** Parts the versions that go from those that a rollback holds back (N17) and those that come too late (N15). */
function* judge(scope: Scope, lease: RunLease, staged: readonly Candidate[]): Script<Judged> {
  yield* refuseClaimed(
    scope,
    lease,
    staged.map((candidate) => ({ ...candidate, key: candidate.step })),
  );
  const over = yield* openPointersOver(scope, staged);
  const placements = staged.map((candidate, index) => ({ candidate, over: over[index] ?? [] }));
  const isHeld = (placement: Placement): boolean => placement.over.some((pointer) => pointer.held);
  const held = placements.filter(isHeld);
  const free = placements.filter((placement) => !isHeld(placement));
  const late = yield* findSuperseded(scope, free);
  return {
    going: free.filter(({ candidate }) => !late.has(candidate.versionId)),
    superseded: free
      .filter(({ candidate }) => late.has(candidate.versionId))
      .map(({ candidate }) => candidate),
    held: held.map(({ candidate }) => candidate),
  };
}

/** Moves the pointers and what is counted of them. False when nothing moves. */
function* movePlacements(
  scope: Scope,
  next: Next,
  going: readonly Placement[],
  aggregates: ReadonlyMap<number, AssetAggregate>,
  retired: readonly OpenPointer[],
): Script<boolean> {
  const byAsset = Map.groupBy(going, ({ candidate }) => candidate.assetId);
  const left = retired.filter(({ assetId }) => !byAsset.has(assetId));
  const elsewhere = yield* formerSpaces(scope, going, aggregates);
  const ended: (readonly OpenPointer[])[] = [left];
  const opened: NewPointer[] = [];
  const recounted: AssetAggregate[] = [];
  for (const [assetId, placements] of byAsset) {
    const spaceId = placements[0]?.candidate.spaceId ?? 0;
    const open = [
      ...new Map(placements.flatMap(({ over }) => over).map((pointer) => [pointer.id, pointer])).values(),
    ];
    const moves = movePointers(
      open,
      placements.map(({ candidate }) => candidate),
    );
    const former = elsewhere.filter((pointer) => pointer.assetId === assetId);
    // Whole lists: there may be a million, too many for the arguments of a call.
    ended.push(moves.ended, former);
    const added: CountedPiece[] = [];
    for (const { range, of } of moves.remaining) {
      opened.push({ ...of, range });
      // A part of a version: its rows are no longer known.
      added.push({ range, dataVersion: of.dataVersion, rowCount: undefined });
    }
    for (const { range, of } of moves.added) {
      opened.push({ ...of, range, since: next.number, publishedAt: next.at });
      const whole = range.from === of.range.from && range.to === of.range.to;
      added.push({ range, dataVersion: of.dataVersion, rowCount: whole ? of.rowCount : undefined });
    }
    const counts = recount(aggregates.get(assetId), [...moves.ended, ...former], added);
    recounted.push({ assetId, spaceId, ...counts });
  }
  for (const [assetId, pointers] of Map.groupBy(left, (pointer) => pointer.assetId)) {
    recounted.push({ assetId, spaceId: 0, ...recount(aggregates.get(assetId), pointers, []) });
  }
  yield* writePointers(scope, next.number, ended.flat(), opened);
  yield* writeAggregates(scope, next.number, recounted);
  return opened.length > 0 || ended.some((pointers) => pointers.length > 0);
}

/** A changed partitioning is another space (N12): what lay in the former one ends with the first publish in the new. */
function* formerSpaces(
  scope: Scope,
  going: readonly Placement[],
  aggregates: ReadonlyMap<number, AssetAggregate>,
): Script<readonly OpenPointer[]> {
  const spaces = new Map(going.map(({ candidate }) => [candidate.assetId, candidate.spaceId]));
  const changed = [...spaces].filter(
    ([assetId, spaceId]) => (aggregates.get(assetId)?.spaceId ?? spaceId) !== spaceId,
  );
  const open = yield* openPointersOf(
    scope,
    changed.map(([assetId]) => assetId),
  );
  return open.filter((pointer) => pointer.spaceId !== spaces.get(pointer.assetId));
}

function* settleVersions(next: Next, { going, superseded }: Judged): Script<void> {
  yield* runRows(
    `with r as {rows id text} update version set state = 'published', published_at = ? from r where version.id = r.id`,
    going.map(({ candidate }) => [candidate.versionId]),
    next.at,
  );
  yield* runRows(
    "with r as {rows id text} update version set state = 'superseded' from r where version.id = r.id",
    superseded.map(({ versionId }) => [versionId]),
  );
}

function* writeSnapshot(scope: Scope, lease: RunLease, next: Next): Script<void> {
  yield* run(
    "insert into snapshot (environment_id, number, published_at, run_id) values (?, ?, ?, ?)",
    scope.environmentId,
    next.number,
    next.at,
    lease.runId,
  );
  yield* run(
    "update environment set snapshot = ?, published_at = ? where id = ?",
    next.number,
    next.at,
    scope.environmentId,
  );
}

/** An event names at most this many assets. */
const namedAssets = 100;

function eventsOf(
  { runId }: RunLease,
  next: Next,
  { going, superseded }: Judged,
  retired: readonly OpenPointer[],
  moved: boolean,
): NewEvent[] {
  const events: NewEvent[] = superseded.map(({ versionId, step, asset }) => ({
    type: "version.superseded",
    runId,
    step,
    asset,
    data: { versionId },
  }));
  if (!moved) return events;
  const assets = [...new Set(going.map(({ candidate }) => candidate.asset))];
  events.push({
    type: "published",
    runId,
    data: {
      snapshot: next.number,
      versions: going.length,
      assets: assets.slice(0, namedAssets),
      ...(assets.length > namedAssets ? { moreAssets: assets.length - namedAssets } : {}),
      ...(retired.length > 0 ? { retired: new Set(retired.map(({ assetId }) => assetId)).size } : {}),
    },
  });
  return events;
}
