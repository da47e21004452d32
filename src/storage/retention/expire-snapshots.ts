import type { Scope } from "../../ports/state/project-store.ts";
import type { KeptSnapshots } from "./kept-snapshots.ts";
import { all, asTable, runRows, type Script } from "../database/script.ts";

/**
 * Gives up some of the snapshots that are no longer kept: who asks for one is told SNAPSHOT_GONE from now on. Where only
 * some assets are kept for a shorter time, the snapshot stays without those. Gives how many there were.
 */
export function* expireSnapshots(scope: Scope, kept: KeptSnapshots, limit: number): Script<number> {
  const pinned = asTable(kept.pinned.map((number) => [number]));
  const gone = yield* all(
    `with k as {rows number integer}
     delete from snapshot where environment_id = ? and number in (
       select s.number from snapshot s
       where s.environment_id = ? and s.number < ? and s.number not in (select number from k)
       order by s.number limit ?)
     returning number`,
    pinned,
    scope.environmentId,
    scope.environmentId,
    kept.horizon,
    limit,
  );
  return gone.length + (yield* narrowSnapshots(scope, kept, pinned, limit));
}

function* narrowSnapshots(scope: Scope, kept: KeptSnapshots, pinned: string, limit: number): Script<number> {
  const shorter = [...kept.horizons].filter(([, number]) => number > kept.horizon);
  const newest = shorter.reduce((most, [, number]) => Math.max(most, number), 0);
  if (newest === 0) return 0;
  yield* runRows(
    `with r as {rows asset_id integer, number integer}
     insert into asset_horizon (environment_id, asset_id, number) select ?, asset_id, number from r where true
     on conflict (environment_id, asset_id) do update set number = excluded.number
       where asset_horizon.number < excluded.number`,
    shorter,
    scope.environmentId,
  );
  const narrowed = yield* all(
    `with k as {rows number integer}
     update snapshot set partial = 1 where environment_id = ? and number in (
       select s.number from snapshot s
       where s.environment_id = ? and s.partial = 0 and s.number < ? and s.number not in (select number from k)
       order by s.number limit ?)
     returning number`,
    pinned,
    scope.environmentId,
    scope.environmentId,
    newest,
    limit,
  );
  return narrowed.length;
}
