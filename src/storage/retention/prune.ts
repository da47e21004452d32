import type { Retention } from "../../core/catalog/retention.ts";
import type { Scope } from "../../ports/state/project-store.ts";
import { all, run, runRows, type Script } from "../database/script.ts";

/** Takes away some of what was condemned a grace ago. Gives how many rows; 0 at the end. */
export function* pruneSome(
  scope: Scope,
  { graceMs, keepMs }: Pick<Retention, "graceMs" | "keepMs">,
  limit: number,
): Script<number> {
  const forgotten = yield* forgetValues(scope, keepMs);
  if (forgotten > 0) return forgotten;
  const pointers = yield* all(
    `delete from pointer where id in (
       select id from pointer where environment_id = ? and condemned_at <= {now} - ? order by condemned_at limit ?)
     returning id`,
    scope.environmentId,
    graceMs,
    limit,
  );
  if (pointers.length === limit) return limit;
  const aggregates = yield* all(
    `delete from asset_aggregate where environment_id = ? and (asset_id, valid_from) in (
       select asset_id, valid_from from asset_aggregate
       where environment_id = ? and condemned_at <= {now} - ? order by condemned_at limit ?)
     returning asset_id`,
    scope.environmentId,
    scope.environmentId,
    graceMs,
    limit,
  );
  if (aggregates.length === limit) return limit;
  yield* forgetIntents(scope);
  return pointers.length + aggregates.length + (yield* pruneVersions(scope, graceMs, limit));
}

/**
 * What the ops of a run gave, once it is too long ago to go on with it. The steps stay; done again, they would be made
 * anew. A run at a time. Files are left to the sweep.
 */
function* forgetValues(scope: Scope, keepMs: number): Script<number> {
  const [old] = yield* all<{ id: string }>(
    `select id from run where environment_id = ? and values_kept = 1 and ended_at <= {now} - ?
     order by ended_at limit 1 {lock}`,
    scope.environmentId,
    keepMs,
  );
  if (old === undefined) return 0;
  yield* run(
    `update step set value = null, value_id = null, value_location = null, code_version = null, input_version = null
     where run_id = ? and space_id is null`,
    old.id,
  );
  yield* run("update run set values_kept = 0 where id = ?", old.id);
  return 1;
}

/** Whoever was writing these packs has not finished in time, and can no longer: they are files that no version knows. */
function* forgetIntents(scope: Scope): Script<void> {
  yield* run("delete from intended_pack where project_id = ? and expires_at <= {now}", scope.projectId);
}

/** What lies in state of versions that are gone. Their rows stay, with what they were made from (N33). */
function* pruneVersions(scope: Scope, graceMs: number, limit: number): Script<number> {
  const versions = yield* all<{ id: string }>(
    `select id from version
     where condemned_at is not null and removed_at is null and condemned_at <= {now} - ? and project_id = ?
     order by condemned_at, sequence limit ?`,
    graceMs,
    scope.projectId,
    limit,
  );
  const ids = versions.map(({ id }) => [id]);
  yield* runRows(
    "with r as {rows id text} delete from check_evaluation where version_id in (select id from r)",
    ids,
  );
  yield* runRows(
    "with r as {rows id text} update version set removed_at = {now}, location = null from r where version.id = r.id",
    ids,
  );
  return versions.length;
}
