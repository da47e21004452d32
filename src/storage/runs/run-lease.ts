import type { Scope } from "../../ports/state/project-store.ts";
import type { RunLease } from "../../ports/state/run-store.ts";
import { MillraceError } from "../../core/errors.ts";
import { first, type Script } from "../database/script.ts";

interface RunLock {
  readonly token: number;
  readonly status: string;
  readonly ended_at: number | null;
  readonly now: number;
}

/**
 * Begins every write for a run: keeps its row to this transaction, and refuses who is no longer its owner. So whoever
 * lost the lease can commit nothing, however late it wakes. Gives the time by the database's clock.
 */
export function* lockRun(scope: Scope, lease: RunLease): Script<number> {
  const run = yield* readLock(scope, lease);
  if (run.ended_at !== null) throw new MillraceError("RUN_ENDED", { run: lease.runId, status: run.status });
  return run.now;
}

/** The same, also for a run that has ended. */
export function* readLock(scope: Scope, lease: RunLease): Script<RunLock> {
  const run = yield* first<RunLock>(
    "select token, status, ended_at, {now} as now from run where id = ? and environment_id = ? {lock}",
    lease.runId,
    scope.environmentId,
  );
  if (run === undefined) throw new MillraceError("RUN_NOT_FOUND", { run: lease.runId });
  if (run.token !== lease.token) throw new MillraceError("RUN_LOST", { run: lease.runId });
  return run;
}

export function* renewLease(lease: RunLease, leaseMs: number): Script<void> {
  const renewed = yield* first(
    "update run set lease_expires_at = {now} + ? where id = ? and token = ? and ended_at is null returning id",
    leaseMs,
    lease.runId,
    lease.token,
  );
  if (renewed === undefined) throw new MillraceError("RUN_LOST", { run: lease.runId });
}
