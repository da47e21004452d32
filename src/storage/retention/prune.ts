import type { Scope } from "../../ports/state/project-store.ts";
import { all, run, runRows, type Script } from "../database/script.ts";

/** Takes away some of what was condemned a grace ago. Gives how many rows; 0 at the end. */
export function* pruneSome(scope: Scope, graceMs: number, limit: number): Script<number> {
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
