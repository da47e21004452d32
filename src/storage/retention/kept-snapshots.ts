import { keepMsOf, longestKeepMs, type Retention } from "../../core/catalog/retention.ts";
import type { Scope } from "../../ports/state/project-store.ts";
import { all, first, type Script } from "../database/script.ts";

/** Which snapshots of an environment are kept. */
export interface KeptSnapshots {
  /** From this number on, all. It was the newest one when the retention began. */
  readonly horizon: number;
  /** The same for each asset: never before the one above. */
  readonly horizons: ReadonlyMap<number, number>;
  /** Before it: those with a name, those that environments are based on, and those that runs at work read. */
  readonly pinned: readonly number[];
}

/** To be read under the environment's lock, if anything is to follow from it. */
export function* readKeptSnapshots(scope: Scope, retention: Retention, now: number): Script<KeptSnapshots> {
  const assets = yield* all<{ id: number }>("select id from asset where project_id = ?", scope.projectId);
  const longest = longestKeepMs(retention);
  const byKeep = new Map<number, number>();
  const horizonOf = function* (keepMs: number): Script<number> {
    const known = byKeep.get(keepMs);
    if (known !== undefined) return known;
    const row = yield* first<{ number: number }>(
      `select number from snapshot where environment_id = ? and published_at <= ?
       order by published_at desc, number desc limit 1`,
      scope.environmentId,
      now - keepMs,
    );
    const number = row?.number ?? 0;
    byKeep.set(keepMs, number);
    return number;
  };
  const horizon = yield* horizonOf(longest);
  const horizons = new Map<number, number>();
  for (const { id } of assets) horizons.set(id, yield* horizonOf(keepMsOf(retention, id)));
  const pinned = yield* all<{ number: number }>(
    `select number from snapshot_pin where environment_id = ?
     union select base_snapshot as number from environment where parent_id = ? and dropped_at is null
     union select snapshot as number from run
       where environment_id = ? and ended_at is null and lease_expires_at > ?`,
    scope.environmentId,
    scope.environmentId,
    scope.environmentId,
    // A run that nobody has gone on with for so long is one that nobody will.
    now - longest,
  );
  return { horizon, horizons, pinned: pinned.map(({ number }) => number) };
}
