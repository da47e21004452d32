import type { Scope } from "../../ports/state/project-store.ts";
import type { Pin, SnapshotRecord } from "../../ports/state/snapshot-store.ts";
import { all, forRows, type Script } from "../database/script.ts";

interface SnapshotRow {
  readonly number: number;
  readonly published_at: number;
  readonly origin: string;
  readonly run_id: string | null;
  readonly actor: string | null;
  readonly reason: string | null;
  readonly forced: number;
}

interface PinRow {
  readonly number: number;
  readonly name: string;
  readonly pinned_by: string;
  readonly reason: string;
  readonly pinned_at: number;
}

/** Newest first: the environment's own, and before them those of its base (N11). */
export function* listSnapshots(
  scope: Scope,
  options: { limit: number; before?: number; pinned?: boolean },
): Script<readonly SnapshotRecord[]> {
  const own = yield* ownSnapshots(scope, options);
  const { base } = scope;
  const limit = options.limit - own.length;
  if (base === undefined || limit <= 0) return own;
  const before = Math.min(options.before ?? Number.MAX_SAFE_INTEGER, base.snapshot);
  return [...own, ...(yield* listSnapshots(base.scope, { ...options, limit, before }))];
}

function* ownSnapshots(
  scope: Scope,
  { limit, before, pinned = false }: { limit: number; before?: number; pinned?: boolean },
): Script<readonly SnapshotRecord[]> {
  const named =
    "exists (select 1 from snapshot_pin p where p.environment_id = s.environment_id and p.number = s.number)";
  const rows = yield* all<SnapshotRow>(
    `select s.number, s.published_at, s.origin, s.run_id, s.actor, s.reason, s.forced
     from snapshot s
     where s.environment_id = ? and s.number < ?${pinned ? ` and ${named}` : ""}
     order by s.number desc limit ?`,
    scope.environmentId,
    before ?? Number.MAX_SAFE_INTEGER,
    limit,
  );
  const numbers = rows.map(({ number }) => [number]);
  const pins = yield* forRows<PinRow>(
    `with r as {rows number integer}
     select p.number, p.name, p.pinned_by, p.reason, p.pinned_at
     from r {join} snapshot_pin p on p.environment_id = ? and p.number = r.number order by p.pinned_at, p.name`,
    numbers,
    scope.environmentId,
  );
  const runs = yield* all<{ snapshot: number; runs: number }>(
    `select snapshot, count(*) as runs from run where environment_id = ? and ended_at is null group by snapshot`,
    scope.environmentId,
  );
  const byNumber = Map.groupBy(pins, ({ number }) => number);
  const reading = new Map(runs.map((row) => [row.snapshot, row.runs]));
  return rows.map((row) => ({
    number: row.number,
    publishedAt: row.published_at,
    origin: row.origin as SnapshotRecord["origin"],
    ...(row.run_id === null ? {} : { runId: row.run_id }),
    ...(row.actor === null ? {} : { actor: row.actor }),
    ...(row.reason === null || row.reason === "" ? {} : { reason: row.reason }),
    forced: row.forced === 1,
    pins: (byNumber.get(row.number) ?? []).map(pin),
    runs: reading.get(row.number) ?? 0,
  }));
}

function pin({ name, pinned_by, reason, pinned_at }: PinRow): Pin {
  return { name, by: pinned_by, reason, at: pinned_at };
}

/** Numbers of those that a run has made, in order: they come after the one that it reads. */
export function* snapshotsOfRun(scope: Scope, runId: string): Script<readonly number[]> {
  const rows = yield* all<{ number: number }>(
    `select s.number from run r join snapshot s on s.environment_id = r.environment_id and s.number > r.snapshot
     where r.id = ? and r.environment_id = ? and s.run_id = r.id order by s.number`,
    runId,
    scope.environmentId,
  );
  return rows.map(({ number }) => number);
}
