import type { Scope } from "../../ports/state/project-store.ts";
import type { RunChange, RunLease } from "../../ports/state/run-store.ts";
import { appendEvents } from "../events/append-events.ts";
import { insertCheckpoints } from "./checkpoints.ts";
import { claimRanges, releaseClaims } from "./claims.ts";
import { insertEvaluations } from "../checks/evaluations.ts";
import { recordObservations } from "../observations/observation-store.ts";
import { addSteps } from "./create-run.ts";
import { foldChanges } from "./run-changes.ts";
import { readRenamed } from "../projects/renamed-assets.ts";
import { lockRun, readLock } from "./run-lease.ts";
import { omitOutputs, readStepStates, updateSteps } from "./run-steps.ts";
import type { Script } from "../database/script.ts";
import { abandonStaged, intendVersions, rejectVersions, stageVersions } from "./write-versions.ts";

/**
 * A batch in one transaction, with one statement for each table touched, however many changes there are: a statement
 * costs about 4 µs in SQLite and a round trip (some 150 µs) in PostgreSQL.
 */
export function* applyChanges(scope: Scope, lease: RunLease, changes: readonly RunChange[]): Script<void> {
  const now = changes.every(isTold) ? (yield* readLock(scope, lease)).now : yield* lockRun(scope, lease);
  const named = changes.flatMap((change) => ("step" in change ? (change.step ?? []) : []));
  const known = yield* readStepStates(lease.runId, named);
  const folded = foldChanges(lease.runId, changes, known, yield* readRenamed(scope, changes, known), now);
  const of = (key: string) => {
    const step = folded.steps.get(key) ?? known.get(key);
    return step === undefined ? [] : [step];
  };

  yield* addSteps(lease.runId, folded.added);
  const claimed = [...folded.claiming].flatMap(of);
  yield* claimRanges(
    scope,
    lease,
    claimed.flatMap(({ key, place, outputs }) =>
      place === undefined ? [] : outputs.map(({ assetId }) => ({ key, assetId, ...place })),
    ),
    now,
  );
  const target = { scope, lease, now };
  yield* intendVersions(target, folded.intended);
  yield* stageVersions(target, folded.staged);
  yield* insertEvaluations(scope, folded.evaluations);
  yield* rejectVersions(lease, folded.rejected);
  yield* abandonStaged(lease, folded.failedAttempts);
  yield* updateSteps(lease.runId, folded.steps.values());
  yield* insertCheckpoints(lease.runId, folded.checkpoints, now);
  yield* omitOutputs(lease.runId, folded.omitted);
  yield* releaseClaims(lease.runId, [...folded.releasing]);
  yield* recordObservations(scope, folded.observations);
  yield* appendEvents(scope, now, folded.events);
}

/** It changes nothing of the run: it may be told after its end. */
function isTold({ change }: RunChange): boolean {
  return change === "log" || change === "hook.failed";
}
