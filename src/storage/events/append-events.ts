import type { NewEvent } from "../../core/run/event.ts";
import type { Scope } from "../../ports/state/project-store.ts";
import { MillraceError } from "../../core/errors.ts";
import { first, runRows, type Script } from "../database/script.ts";

/**
 * Writes events. Must be the last thing a transaction does: from here to its commit it holds the project's counter, so
 * that positions are given in order of commit (N34) and others wait as shortly as can be.
 */
export function* appendEvents(scope: Scope, at: number, events: readonly NewEvent[]): Script<void> {
  if (events.length === 0) return;
  const counter = yield* first<{ event_position: number }>(
    "update project set event_position = event_position + ? where id = ? returning event_position",
    events.length,
    scope.projectId,
  );
  if (counter === undefined)
    throw new MillraceError("INTERNAL", { reason: `there is no project ${scope.projectId}` });
  const before = counter.event_position - events.length;
  yield* runRows(
    `with r as {rows position integer, type text, run_id text, step text, asset text, data text}
     insert into event (environment_id, position, at, type, run_id, step, asset, data)
     select ?, position, ?, type, run_id, step, asset, data from r`,
    events.map((event, index) => [
      before + index + 1,
      event.type,
      event.runId,
      event.step,
      event.asset,
      JSON.stringify(event.data),
    ]),
    scope.environmentId,
    at,
  );
}
