import type { RunStatus } from "../../core/run/run.ts";
import type { Scope } from "../../ports/state/project-store.ts";
import type { RunLease } from "../../ports/state/run-store.ts";
import { MillraceError } from "../../core/errors.ts";
import { noLongerAsked } from "../../core/plan/revise-plan.ts";
import { appendEvents } from "../events/append-events.ts";
import { readLock } from "./run-lease.ts";
import { run, type Script, storableText } from "../database/script.ts";

type Ending = Extract<RunStatus, "success" | "failure" | "canceled">;

const eventOf = { success: "run.succeeded", failure: "run.failed", canceled: "run.canceled" } as const;

/** Ending a run the same way twice is harmless: who got no answer may ask again. */
export function* endRun(scope: Scope, lease: RunLease, status: Ending, error?: string): Script<void> {
  const before = yield* readLock(scope, lease);
  if (before.ended_at !== null) {
    if (before.status === status) return;
    throw new MillraceError("RUN_ENDED", { run: lease.runId, status: before.status });
  }
  yield* run(
    "update run set status = ?, error = ?, ended_at = ?, lease_expires_at = null where id = ?",
    status,
    error === undefined ? null : storableText(error),
    before.now,
    lease.runId,
  );
  yield* run("delete from claim where run_id = ?", lease.runId);
  // Nobody asked for them any longer: the code has changed while it was interrupted.
  if (status === "success")
    yield* run(
      `update step set status = 'skipped', reason = '${noLongerAsked}', code = 'dropped', ended_at = ?
       where run_id = ? and status = 'pending'`,
      before.now,
      lease.runId,
    );
  // Nobody writes them any more: their bytes are the janitor's.
  yield* run("update version set state = 'abandoned' where run_id = ? and state = 'intended'", lease.runId);
  const data = error === undefined ? {} : { error };
  yield* appendEvents(scope, before.now, [{ type: eventOf[status], runId: lease.runId, data }]);
}
