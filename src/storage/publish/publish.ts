import type { Scope } from "../../ports/state/project-store.ts";
import type { PublishRequest, PublishResult, RunLease } from "../../ports/state/run-store.ts";
import type { EventSubject, NamedAssets, NewEvent } from "../../core/run/event.ts";
import { appendEvents } from "../events/append-events.ts";
import { type Candidate, readCandidates } from "./candidates.ts";
import { isOvertaken, keepEvaluations } from "./checked-publish.ts";
import { refuseClaimed, releaseClaims } from "../runs/claims.ts";
import { nextSnapshot, type NextSnapshot, writeSnapshot } from "../snapshots/next-snapshot.ts";
import { type Placing, planMoves, writeMoves } from "./place-versions.ts";
import { isTombstone, openPointersOf, openPointersOver } from "../catalog/pointers.ts";
import { refuseUnreadable } from "./refuse-unreadable.ts";
import { findOutdated } from "./outdated-bases.ts";
import { lockRun } from "../runs/run-lease.ts";
import { runRows, type Script } from "../database/script.ts";
import { findSuperseded, type Placement } from "./supersede.ts";
import { findWithheld } from "./withheld.ts";

/** Makes versions current, all in one snapshot (N16). */
export function* publishVersions(
  scope: Scope,
  lease: RunLease,
  { versionIds, retire = [], force = false, checked }: PublishRequest,
): Script<PublishResult> {
  const now = yield* lockRun(scope, lease);
  const next = yield* nextSnapshot(scope);
  const requested = yield* readCandidates(lease, versionIds);
  const staged = requested.filter(({ state }) => state === "staged");
  yield* refuseClaimed(
    scope,
    lease,
    staged.map((candidate) => ({ ...candidate, key: candidate.step })),
  );
  // What was appended to something else when it was asked for alone keeps back what was made from it all the same.
  const outdated = requested.filter(({ state, base }) => state === "superseded" && base !== undefined);
  const judged = yield* judge(scope, staged, force, outdated);
  const retired = yield* retirement(scope, retire);
  const moves = yield* planMoves(scope, next, [
    ...retired,
    ...judged.going.map(({ candidate, over }) => ({ ...candidate, over })),
  ]);
  const before = next.number - 1;
  if (checked !== undefined && (yield* isOvertaken(scope, checked, moves.recounted))) {
    return {
      snapshot: before,
      published: [],
      superseded: judged.superseded.map(({ versionId }) => versionId),
      held: judged.held.map(({ versionId }) => versionId),
      overtaken: true,
    };
  }
  const moved = yield* writeMoves(scope, next, moves);
  const going = judged.going.map(({ candidate }) => candidate.versionId);
  yield* refuseUnreadable(scope, going, { backwards: false, force });
  yield* settleVersions(next, judged);
  yield* releaseClaims(
    lease.runId,
    staged.map(({ step }) => step),
  );
  if (moved) yield* writeSnapshot(scope, next, { origin: "run", runId: lease.runId });
  const evaluated = yield* keepEvaluations(scope, checked);
  yield* appendEvents(scope, now, [...evaluated, ...eventsOf(lease, next, judged, retired, moved)]);
  const earlier = (state: string): string[] =>
    requested.filter((one) => one.state === state).map((one) => one.versionId);
  return {
    snapshot: moved ? next.number : before,
    published: [...earlier("published"), ...going],
    superseded: [...earlier("superseded"), ...judged.superseded.map(({ versionId }) => versionId)],
    held: judged.held.map(({ versionId }) => versionId),
  };
}

export interface Judged {
  readonly going: readonly Placement[];
  readonly superseded: readonly Candidate[];
  readonly held: readonly Candidate[];
  /** Of those that stay behind, why. */
  readonly reasons: ReadonlyMap<string, string>;
}

/**
 * Parts the versions that go from those that a rollback holds back (N17) and those that come too late (N15).
 *
 * @param outdated Versions beside them that were appended to something that is not current, and stay behind already
 */
export function* judge(
  scope: Scope,
  staged: readonly Candidate[],
  force: boolean,
  outdated: readonly Candidate[] = [],
): Script<Judged> {
  const over = yield* openPointersOver(scope, staged);
  const placements = staged.map((candidate, index) => ({ candidate, over: over[index] ?? [] }));
  const withheld = yield* findWithheld(scope, placements);
  const free = placements.filter(({ candidate }) => !withheld.has(candidate.versionId));
  const late = new Map(yield* findOutdated(scope, free, outdated));
  const upToDate = free.filter(({ candidate }) => !late.has(candidate.versionId));
  for (const [id, asset] of force ? [] : yield* findSuperseded(scope, upToDate))
    late.set(id, `made from an older ${asset} than what is current`);
  return {
    going: free.filter(({ candidate }) => !late.has(candidate.versionId)),
    superseded: free
      .filter(({ candidate }) => late.has(candidate.versionId))
      .map(({ candidate }) => candidate),
    held: staged.filter(({ versionId }) => withheld.has(versionId)),
    reasons: new Map([...withheld, ...late]),
  };
}

/** Pointers of what has left the code end, held or not (N12). */
function* retirement(
  scope: Scope,
  retire: NonNullable<PublishRequest["retire"]>,
): Script<readonly Placing[]> {
  const nothing = { versionId: undefined, dataVersion: "", rowCount: undefined };
  const whole = retire.filter(({ place }) => place === undefined).map(({ assetId }) => assetId);
  const open = (yield* openPointersOf(scope, [...new Set(whole)])).filter((one) => !isTombstone(one));
  const places = retire.flatMap(({ assetId, place }) => (place === undefined ? [] : [{ assetId, ...place }]));
  const over = yield* openPointersOver(scope, places);
  return [
    ...open.map((pointer) => ({
      assetId: pointer.assetId,
      spaceId: pointer.spaceId,
      range: pointer.range,
      ...nothing,
      over: [pointer],
    })),
    ...places.flatMap((place, index) => {
      const pointers = over[index] ?? [];
      return pointers.every(isTombstone) ? [] : [{ ...place, ...nothing, over: pointers }];
    }),
  ];
}

export function* settleVersions(
  next: NextSnapshot,
  { going, superseded, held, reasons }: Judged,
): Script<void> {
  yield* runRows(
    `with r as {rows id text} update version set state = 'published', published_at = ?, state_reason = null
     from r where version.id = r.id`,
    going.map(({ candidate }) => [candidate.versionId]),
    next.at,
  );
  yield* runRows(
    `with r as {rows id text, reason text} update version set state = 'superseded', state_reason = r.reason
     from r where version.id = r.id`,
    superseded.map(({ versionId }) => [versionId, reasons.get(versionId)]),
  );
  yield* runRows(
    `with r as {rows id text, reason text} update version set withheld_at = ?, state_reason = r.reason
     from r where version.id = r.id`,
    held.map(({ versionId }) => [versionId, reasons.get(versionId)]),
    next.now,
  );
}

/** An event names at most this many assets. */
const namedAssets = 100;

/** Names for an event, and how many more there are. */
export function namedIn(assets: Iterable<string>): NamedAssets {
  const names = [...new Set(assets)];
  const more = names.length - namedAssets;
  return { assets: names.slice(0, namedAssets), ...(more > 0 ? { moreAssets: more } : {}) };
}

function eventsOf(
  { runId }: RunLease,
  next: NextSnapshot,
  { going, superseded, held }: Judged,
  retired: readonly Placing[],
  moved: boolean,
): NewEvent[] {
  const of = ({ step, asset }: Candidate): EventSubject => ({ runId, step, asset });
  const events: NewEvent[] = [];
  for (const candidate of superseded) {
    const { versionId } = candidate;
    events.push({ type: "version.superseded", ...of(candidate), data: { versionId } });
  }
  for (const candidate of held) {
    const { versionId } = candidate;
    events.push({ type: "version.held", ...of(candidate), data: { versionId } });
  }
  if (!moved) return events;
  events.push({
    type: "published",
    runId,
    data: {
      snapshot: next.number,
      versions: going.length,
      ...namedIn(going.map(({ candidate }) => candidate.asset)),
      ...(retired.length > 0 ? { retired: new Set(retired.map(({ assetId }) => assetId)).size } : {}),
    },
  });
  return events;
}
