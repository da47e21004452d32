import type { Scope } from "../../ports/state/project-store.ts";
import type { Collected } from "../../ports/state/retention-store.ts";
import { condemnPointers } from "./condemn-pointers.ts";
import {
  condemnVersions,
  type CondemnableVersion,
  nothingCollected,
  unpointedVersions,
} from "./condemn-versions.ts";
import { all, run, type Script } from "../database/script.ts";

/** Environments that were dropped and of which something is still to be given up, or to be removed. */
export function* droppedEnvironments(scope: Scope, still: "needed" | "there"): Script<readonly Scope[]> {
  const condemned =
    still === "needed"
      ? ""
      : ` or exists (select 1 from pointer p where p.environment_id = e.id and p.condemned_at is not null)
          or exists (select 1 from asset_aggregate g where g.environment_id = e.id and g.condemned_at is not null)`;
  const rows = yield* all<{ id: number; name: string }>(
    // Its snapshots are the last to go.
    `select e.id, e.name from environment e where e.project_id = ? and e.dropped_at is not null
       and (exists (select 1 from snapshot s where s.environment_id = e.id)${condemned}) order by e.id`,
    scope.projectId,
  );
  return rows.map(({ id, name }) => ({ projectId: scope.projectId, environmentId: id, environment: name }));
}

interface DroppedPointer {
  readonly id: number;
  readonly version_id: string | null;
}

/** Pointers that nobody reads any more. */
export function* droppedPointers(
  scope: Scope,
  after: number,
  limit: number,
): Script<readonly DroppedPointer[]> {
  const own =
    "select id, version_id from pointer where environment_id = ? and condemned_at is null and id > ?";
  return yield* all<DroppedPointer>(
    `select id, version_id from (${own} and valid_to is null union all ${own} and valid_to is not null) p
     order by id limit ?`,
    scope.environmentId,
    after,
    scope.environmentId,
    after,
    limit,
  );
}

/** What was made in it and never published. */
export function* droppedVersions(scope: Scope, limit: number): Script<readonly CondemnableVersion[]> {
  return yield* all<CondemnableVersion>(
    `select id, location, bytes from version
     where environment_id = ? and state <> 'published' and condemned_at is null order by sequence limit ?`,
    scope.environmentId,
    limit,
  );
}

/** Gives up the next of what a dropped environment has kept; undefined when there is nothing more. */
export function* condemnDropped(scope: Scope, limit: number): Script<Collected | undefined> {
  const row = yield* all<{ now: number }>(
    "select {now} as now from environment where id = ? {lock}",
    scope.environmentId,
  );
  const now = row[0]?.now ?? 0;
  const pointers = yield* droppedPointers(scope, 0, limit);
  if (pointers.length > 0) {
    yield* condemnPointers(pointers, now);
    const lost = pointers.flatMap(({ version_id }) => (version_id === null ? [] : [version_id]));
    return yield* condemnVersions(scope, yield* unpointedVersions(lost), now);
  }
  const versions = yield* droppedVersions(scope, limit);
  if (versions.length > 0) return yield* condemnVersions(scope, versions, now);
  yield* run(
    "update asset_aggregate set condemned_at = ? where environment_id = ? and condemned_at is null",
    now,
    scope.environmentId,
  );
  yield* run("delete from asset_horizon where environment_id = ?", scope.environmentId);
  const snapshots = yield* all(
    `delete from snapshot where environment_id = ? and number in (
       select number from snapshot where environment_id = ? limit ?) returning number`,
    scope.environmentId,
    scope.environmentId,
    limit,
  );
  return snapshots.length === 0 ? undefined : { ...nothingCollected, snapshots: snapshots.length };
}
