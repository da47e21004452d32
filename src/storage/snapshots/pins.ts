import { MillraceError } from "../../core/errors.ts";
import type { Scope } from "../../ports/state/project-store.ts";
import type { Pin } from "../../ports/state/snapshot-store.ts";
import { appendEvents } from "../events/append-events.ts";
import { nextSnapshot } from "./next-snapshot.ts";
import { resolveSnapshot } from "./resolve-snapshot.ts";
import { first, run, type Script, storableText } from "../database/script.ts";

/** Keeps the environment's row meanwhile, as whoever collects snapshots does: what is pinned is there, and stays. */
export function* pinSnapshot(scope: Scope, number: number, pin: Omit<Pin, "at">): Script<void> {
  const { now } = yield* nextSnapshot(scope);
  yield* resolveSnapshot(scope, { by: "number", number });
  const { base } = scope;
  if (base !== undefined && number < base.snapshot)
    throw new MillraceError("SNAPSHOT_OF_BASE", {
      snapshot: number,
      environment: scope.environment,
      base: base.scope.environment,
    });
  const taken = yield* pinned(scope, pin.name);
  if (taken === number) return;
  if (taken !== undefined)
    throw new MillraceError("SNAPSHOT_NAME_TAKEN", { name: pin.name, snapshot: taken });
  yield* run(
    `insert into snapshot_pin (environment_id, name, number, pinned_by, pinned_at, reason) values (?, ?, ?, ?, ?, ?)`,
    scope.environmentId,
    pin.name,
    number,
    storableText(pin.by),
    now,
    storableText(pin.reason),
  );
  yield* appendEvents(scope, now, [{ type: "snapshot.pinned", data: { snapshot: number, ...pin } }]);
}

export function* unpinSnapshot(scope: Scope, name: string, by: string): Script<number> {
  const { now } = yield* nextSnapshot(scope);
  const number = yield* pinned(scope, name);
  if (number === undefined)
    throw new MillraceError("SNAPSHOT_NOT_FOUND", {
      snapshot: name,
      reason: "nothing is pinned by that name",
    });
  yield* run("delete from snapshot_pin where environment_id = ? and name = ?", scope.environmentId, name);
  yield* appendEvents(scope, now, [{ type: "snapshot.unpinned", data: { snapshot: number, name, by } }]);
  return number;
}

function* pinned(scope: Scope, name: string): Script<number | undefined> {
  const row = yield* first<{ number: number }>(
    "select number from snapshot_pin where environment_id = ? and name = ?",
    scope.environmentId,
    name,
  );
  return row?.number;
}
