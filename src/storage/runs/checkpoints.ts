import type { Checkpoint } from "../../ports/state/run-store.ts";
import { all, runRows, type Script } from "../database/script.ts";

export interface NewCheckpoint extends Checkpoint {
  readonly step: string;
}

/** What is kept first counts: nobody is given two results of one checkpoint. */
export function* insertCheckpoints(
  runId: string,
  checkpoints: readonly NewCheckpoint[],
  now: number,
): Script<void> {
  yield* runRows(
    `with r as {rows step text, name text, item_key text, result text}
     insert into checkpoint (run_id, step, name, item_key, result, created_at)
     select ?, step, name, item_key, result, ? from r where true
     on conflict (run_id, step, name, item_key) do nothing`,
    checkpoints.map(({ step, name, key, result }) => [step, name, key, result]),
    runId,
    now,
  );
  // A step that gets on each time is not in a loop (N37).
  yield* runRows(
    `with r as {rows step text} update step set interruptions = 0
     from r where step.run_id = ? and step.key = r.step and step.interruptions > 0`,
    [...new Set(checkpoints.map(({ step }) => step))].map((step) => [step]),
    runId,
  );
}

/** Of one step, in whatever attempt and process they were reached. */
export function* readCheckpoints(runId: string, step: string): Script<readonly Checkpoint[]> {
  const rows = yield* all<{ name: string; item_key: string; result: string }>(
    "select name, item_key, result from checkpoint where run_id = ? and step = ?",
    runId,
    step,
  );
  return rows.map(({ name, item_key: key, result }) => ({ name, key, result }));
}
