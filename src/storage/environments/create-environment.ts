import { randomUUID } from "node:crypto";
import { MillraceError } from "../../core/errors.ts";
import type { Scope } from "../../ports/state/project-store.ts";
import { lockEnvironment } from "./lock-environment.ts";
import { requireSnapshot } from "../snapshots/require-snapshot.ts";
import { resolveSnapshot } from "../snapshots/resolve-snapshot.ts";
import { first, run, type Script } from "../database/script.ts";

/** Keeps the parent's row meanwhile, as whoever collects snapshots does: what it is based on is there, and stays. */
export function* createEnvironment(parent: Scope, name: string, snapshot: number): Script<Scope> {
  const { base } = parent;
  // What lies before the parent began is a snapshot of the parent's own base.
  if (base !== undefined && snapshot < base.snapshot)
    return yield* createEnvironment(base.scope, name, snapshot);
  yield* lockEnvironment(parent);
  const { publishedAt } = yield* resolveSnapshot(parent, { by: "number", number: snapshot });
  yield* requireSnapshot(parent, snapshot);
  const told = yield* first<{ observation: number | null; evaluation: number | null }>(
    `select (select max(sequence) from observation where environment_id = ?) as observation,
       (select max(sequence) from check_evaluation where environment_id = ?) as evaluation`,
    parent.environmentId,
    parent.environmentId,
  );
  const observation = told?.observation ?? 0;
  const evaluation = told?.evaluation ?? 0;
  const made = yield* first<{ id: number }>(
    `insert into environment
       (project_id, name, parent_id, base_snapshot, base_observation, base_evaluation, epoch, snapshot, published_at, created_at)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, {now})
     on conflict (project_id, name) where dropped_at is null do nothing returning id`,
    parent.projectId,
    name,
    parent.environmentId,
    snapshot,
    observation,
    evaluation,
    randomUUID(),
    snapshot,
    publishedAt,
  );
  if (made === undefined) throw new MillraceError("ENVIRONMENT_EXISTS", { environment: name });
  yield* run(
    "insert into snapshot (environment_id, number, published_at, origin) values (?, ?, ?, 'branch')",
    made.id,
    snapshot,
    publishedAt,
  );
  return {
    projectId: parent.projectId,
    environmentId: made.id,
    environment: name,
    base: { scope: parent, snapshot, observation, evaluation },
  };
}
