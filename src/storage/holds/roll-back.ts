import { heldSince } from "../../core/catalog/held-since.ts";
import { changesTo, earlierVersions, type PointedRange } from "../../core/catalog/pointer-changes.ts";
import { overlaps, type PartitionRange } from "../../core/partition/range.ts";
import { MillraceError } from "../../core/errors.ts";
import type { Scope } from "../../ports/state/project-store.ts";
import type {
  HoldTarget,
  RollbackRequest,
  RollbackResult,
  RolledBack,
} from "../../ports/state/hold-store.ts";
import { appendEvents } from "../events/append-events.ts";
import { keepEvaluations, refuseOvertaken } from "../publish/checked-publish.ts";
import { nextSnapshot, writeSnapshot } from "../snapshots/next-snapshot.ts";
import {
  type FormerPlace,
  findFormerVersion,
  readFormerPlaces,
  readPlacesAt,
} from "../catalog/former-places.ts";
import { refuseUnreadable } from "../publish/refuse-unreadable.ts";
import { planMoves, type Placing, writeMoves } from "../publish/place-versions.ts";
import { type OpenPointer, openPointersOf, openPointersOver } from "../catalog/pointers.ts";
import { lockEnvironment } from "../environments/lock-environment.ts";
import { namedIn } from "../publish/publish.ts";
import type { Script } from "../database/script.ts";

/** Points places back to what they were, and holds them there (N17): a publish like any other, and all in one. */
export function* rollBack(scope: Scope, request: RollbackRequest): Script<RollbackResult> {
  const { by, reason, dryRun = false, force = false, checked } = request;
  const next = yield* nextSnapshot(scope);
  yield* lockBases(scope);
  const { moves, places } = yield* decide(scope, request);
  if (dryRun || moves.length === 0) return { snapshot: next.number - 1, moves };
  const targets = new Map(request.targets.map((target) => [target.key, target]));
  const placed = merged(moves).flatMap(({ key, range, to }) => {
    const target = targets.get(key);
    if (target === undefined) return [];
    const place = to === undefined ? undefined : places.get(to);
    const { assetId, spaceId } = target;
    const dataVersion = place?.dataVersion ?? "";
    return [{ assetId, spaceId, range, versionId: to, dataVersion, place }];
  });
  const open = yield* openPointersOver(scope, placed);
  const placings = placed.flatMap(({ place, ...one }, index): Placing[] => {
    const over = open[index] ?? [];
    return heldSince(one.range, over, next.now).map(({ range, since }) => {
      // Only of a whole version is it known how many rows there are.
      const rowCount = place !== undefined && isSameRange(place.whole, range) ? place.rowCount : undefined;
      const hold = { by, reason, at: since };
      return { ...one, range, rowCount, hold, over: over.filter((piece) => overlaps(piece.range, range)) };
    });
  });
  const planned = yield* planMoves(scope, next, placings);
  yield* refuseOvertaken(scope, checked, planned.recounted);
  yield* writeMoves(scope, next, planned);
  const going = placings.flatMap(({ versionId }) => versionId ?? []);
  yield* refuseUnreadable(scope, going, { backwards: true, force });
  yield* writeSnapshot(scope, next, { origin: "rollback", actor: by, reason, forced: force });
  const evaluated = yield* keepEvaluations(scope, checked);
  const named = namedIn(moves.map(({ key }) => key));
  const forced = force ? { forced: true as const } : {};
  yield* appendEvents(scope, next.now, [
    ...evaluated,
    {
      type: "published",
      data: { snapshot: next.number, versions: placings.length, ...named, rollback: true },
    },
    { type: "held", data: { snapshot: next.number, by, reason, ...named, ...forced } },
  ]);
  return { snapshot: next.number, moves };
}

/** What is pointed back to may lie in a base (N11): there nobody collects it meanwhile. */
function* lockBases({ base }: Scope): Script<void> {
  if (base === undefined) return;
  yield* lockEnvironment(base.scope);
  yield* lockBases(base.scope);
}

/** Neighbours that go to the same version become one pointer, wherever they come from. */
function merged(moves: readonly RolledBack[]): readonly Pick<RolledBack, "key" | "range" | "to">[] {
  const wide: Pick<RolledBack, "key" | "range" | "to">[] = [];
  for (const move of moves) {
    const last = wide.at(-1);
    const goesOn =
      last !== undefined &&
      last.key === move.key &&
      last.to === move.to &&
      last.range.slice === move.range.slice &&
      last.range.to === move.range.from;
    if (goesOn) wide[wide.length - 1] = { ...last, range: { ...last.range, to: move.range.to } };
    else wide.push(move);
  }
  return wide;
}

function isSameRange(a: PartitionRange, b: PartitionRange): boolean {
  return a.slice === b.slice && a.from === b.from && a.to === b.to;
}

interface Decision {
  readonly moves: readonly RolledBack[];
  /** By version. */
  readonly places: ReadonlyMap<string, FormerPlace>;
}

function* decide(scope: Scope, { targets, to }: RollbackRequest): Script<Decision> {
  const ids = targets.map(({ assetId }) => assetId);
  const open = Map.groupBy(yield* openPointersOf(scope, ids), ({ assetId }) => assetId);
  const former = yield* formerPlaces(scope, targets, to);
  const byAsset = Map.groupBy(former, ({ assetId }) => assetId);
  const impossible: MillraceError[] = [];
  const moves = targets.flatMap((target): RolledBack[] => {
    const { key, assetId, ranges } = target;
    const own = (open.get(assetId) ?? []).filter(({ spaceId }) => spaceId === target.spaceId);
    const past = (byAsset.get(assetId) ?? []).filter(({ spaceId }) => spaceId === target.spaceId);
    const goal: readonly PointedRange[] = to === "earlier" ? earlier(own, past) : past;
    const changes = changesTo(own, goal, {
      within: ranges,
      emptying: typeof to === "object" && "snapshot" in to,
    });
    const hasPast = to === "earlier" ? changes.length > 0 : goal.length > 0;
    if (!hasPast) impossible.push(noPast(key, to, past.length < (byAsset.get(assetId) ?? []).length));
    return changes.map(({ range, from, to: back }) => ({
      key,
      range,
      ...(from === undefined ? {} : { from }),
      ...(back === undefined ? {} : { to: back }),
    }));
  });
  const [first] = impossible;
  if (first !== undefined)
    throw new MillraceError(first.code, first.details, { place: first.place, problems: impossible });
  return { moves, places: new Map(former.map((place) => [place.versionId, place])) };
}

function* formerPlaces(
  scope: Scope,
  targets: readonly HoldTarget[],
  to: RollbackRequest["to"],
): Script<readonly FormerPlace[]> {
  const ids = targets.map(({ assetId }) => assetId);
  if (to === "earlier") return yield* readFormerPlaces(scope, ids);
  if ("snapshot" in to) return yield* readPlacesAt(scope, to.snapshot, ids);
  const found: FormerPlace[] = [];
  for (const target of targets) found.push(yield* findFormerVersion(scope, target, to.versionId));
  return found;
}

function earlier(open: readonly OpenPointer[], past: readonly FormerPlace[]): readonly PointedRange[] {
  return earlierVersions(open, past);
}

function noPast(key: string, to: RollbackRequest["to"], elsewhere: boolean): MillraceError {
  const reason = elsewhere
    ? "it was partitioned otherwise then"
    : to === "earlier"
      ? "nothing was current before what is current now"
      : `it had no version ${typeof to === "object" && "snapshot" in to ? `at snapshot ${to.snapshot}` : "there"}`;
  return new MillraceError("ROLLBACK_IMPOSSIBLE", { key, reason }, { place: { asset: key } });
}
