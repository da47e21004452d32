import { MillraceError } from "../../core/errors.ts";
import type { SnapshotRef } from "../../core/catalog/snapshot-ref.ts";
import type { CatalogHead } from "../../ports/state/catalog-store.ts";
import type { Scope } from "../../ports/state/project-store.ts";
import { unreachable } from "../../core/unreachable.ts";
import { first, type Script } from "../database/script.ts";

interface EnvironmentRow {
  readonly epoch: string;
  readonly snapshot: number;
  readonly published_at: number;
  readonly recheck: number;
  readonly arrangement: number;
  readonly now: number;
}

/** Which snapshot is meant, in the one place that decides it. @throws SNAPSHOT_NOT_FOUND, SNAPSHOT_GONE */
export function* resolveSnapshot(scope: Scope, ref: SnapshotRef): Script<CatalogHead> {
  const environment = yield* first<EnvironmentRow>(
    `select e.epoch, e.snapshot, e.published_at, e.recheck, p.arrangement, {now} as now
     from environment e join project p on p.id = e.project_id where e.id = ?`,
    scope.environmentId,
  );
  if (environment === undefined) {
    throw new MillraceError("INTERNAL", { reason: `there is no environment ${scope.environmentId}` });
  }
  const { epoch } = environment;
  switch (ref.by) {
    case "number":
      return yield* numbered(scope, ref.number, environment);
    case "token": {
      const snapshot = `${ref.environment}@${ref.number}`;
      if (ref.environment !== scope.environment)
        throw new MillraceError("SNAPSHOT_NOT_FOUND", {
          snapshot,
          reason: `this is the environment ${scope.environment}`,
        });
      // Of a history that was replaced, by a backup for instance: its numbers mean something else now.
      if (ref.epoch !== undefined && ref.epoch !== epoch)
        throw new MillraceError("SNAPSHOT_GONE", { snapshot });
      return yield* numbered(scope, ref.number, environment);
    }
    case "name": {
      const number = yield* pinned(scope, ref.name);
      if (number === undefined)
        throw new MillraceError("SNAPSHOT_NOT_FOUND", {
          snapshot: ref.name,
          reason: "nothing is pinned by that name",
        });
      return yield* numbered(scope, number, environment);
    }
    case "time":
      return yield* atTime(scope, ref.time, environment);
    default:
      return unreachable(ref);
  }
}

/** Names of the base count as far as its snapshots do (N11); the environment's own come first. */
function* pinned(scope: Scope, name: string): Script<number | undefined> {
  const pin = yield* first<{ number: number }>(
    "select number from snapshot_pin where environment_id = ? and name = ?",
    scope.environmentId,
    name,
  );
  const { base } = scope;
  if (pin !== undefined || base === undefined) return pin?.number;
  const number = yield* pinned(base.scope, name);
  return number === undefined || number > base.snapshot ? undefined : number;
}

function* numbered(scope: Scope, number: number, environment: EnvironmentRow): Script<CatalogHead> {
  const { epoch, snapshot: newest, recheck, arrangement } = environment;
  if (number > newest)
    throw new MillraceError("SNAPSHOT_NOT_FOUND", { snapshot: number, reason: `${newest} is the newest` });
  const row = yield* first<{ published_at: number }>(
    "select published_at from snapshot where environment_id = ? and number = ?",
    scope.environmentId,
    number,
  );
  const { base } = scope;
  if (row !== undefined) return { epoch, number, publishedAt: row.published_at, recheck, arrangement };
  if (base !== undefined && number < base.snapshot) return yield* numbered(base.scope, number, environment);
  throw new MillraceError("SNAPSHOT_GONE", { snapshot: number });
}

/** A time that has not come yet has no answer: a later publish would give another one (N13). */
function* atTime(scope: Scope, time: number, environment: EnvironmentRow): Script<CatalogHead> {
  const snapshot = new Date(time).toISOString();
  if (time > Math.max(environment.now, environment.published_at))
    throw new MillraceError("SNAPSHOT_NOT_FOUND", { snapshot, reason: "that time has not come yet" });
  const row = yield* first<{ number: number; published_at: number }>(
    `select number, published_at from snapshot where environment_id = ? and published_at <= ?
     order by published_at desc, number desc limit 1`,
    scope.environmentId,
    time,
  );
  if (row === undefined) return yield* beforeBase(scope, time, environment);
  const next = yield* first<{ number: number | null }>(
    "select min(number) as number from snapshot where environment_id = ? and number > ?",
    scope.environmentId,
    row.number,
  );
  // Where snapshots between the two are gone, nobody can say which of them it was.
  const gap = next?.number !== null && next?.number !== undefined && next.number > row.number + 1;
  if (gap) throw new MillraceError("SNAPSHOT_GONE", { snapshot });
  const { epoch, recheck, arrangement } = environment;
  return { epoch, number: row.number, publishedAt: row.published_at, recheck, arrangement };
}

/** Before an environment there was what it is based on. */
function* beforeBase(scope: Scope, time: number, environment: EnvironmentRow): Script<CatalogHead> {
  const { base } = scope;
  if (base !== undefined) {
    const row = yield* first<{ published_at: number }>(
      "select published_at from snapshot where environment_id = ? and number = ?",
      base.scope.environmentId,
      base.snapshot,
    );
    if (row !== undefined && time < row.published_at) return yield* atTime(base.scope, time, environment);
  }
  throw new MillraceError("SNAPSHOT_GONE", { snapshot: new Date(time).toISOString() });
}
