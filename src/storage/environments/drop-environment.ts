import { MillraceError } from "../../core/errors.ts";
import type { Scope } from "../../ports/state/project-store.ts";
import { lockEnvironment } from "./lock-environment.ts";
import { all, run, type Script } from "../database/script.ts";

/** Its rows stay until a collection has seen to what they keep; what was made in it is told of for ever (N33). */
export function* dropEnvironment(scope: Scope): Script<void> {
  const { environmentId, environment } = scope;
  const { now } = yield* lockEnvironment(scope);
  if (scope.base === undefined) throw inUse(environment, "it is the one that the project began with");
  const children = yield* all<{ name: string }>(
    "select name from environment where parent_id = ? and dropped_at is null order by id",
    environmentId,
  );
  if (children.length > 0)
    throw inUse(environment, `based on it: ${children.map(({ name }) => name).join(", ")}`);
  const runs = yield* all<{ id: string }>(
    "select id from run where environment_id = ? and ended_at is null and lease_expires_at > ? order by sequence",
    environmentId,
    now,
  );
  if (runs.length > 0)
    throw inUse(environment, `at work in it: ${runs.map(({ id }) => id.slice(0, 8)).join(", ")}`);
  // Of processes that are gone: nobody will go on with them.
  yield* run(
    `update run set status = 'canceled', ended_at = ?, token = token + 1, error = 'its environment was dropped'
     where environment_id = ? and ended_at is null`,
    now,
    environmentId,
  );
  yield* run("delete from claim where environment_id = ?", environmentId);
  yield* run("delete from snapshot_pin where environment_id = ?", environmentId);
  yield* run("update environment set dropped_at = ? where id = ?", now, environmentId);
}

function inUse(environment: string, reason: string): MillraceError {
  return new MillraceError("ENVIRONMENT_IN_USE", { environment, reason });
}
