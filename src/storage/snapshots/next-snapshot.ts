import type { Scope } from "../../ports/state/project-store.ts";
import { lockEnvironment } from "../environments/lock-environment.ts";
import { run, type Script, storableText } from "../database/script.ts";

/** The next snapshot of an environment: its number, and when. */
export interface NextSnapshot {
  readonly number: number;
  /** Never before the snapshot that is now the newest. */
  readonly at: number;
  /** By the database's clock. */
  readonly now: number;
}

/** What has made a snapshot. */
export interface SnapshotOrigin {
  readonly origin: "run" | "rollback" | "release";
  readonly runId?: string;
  readonly actor?: string;
  readonly reason?: string;
  /** Published though something spoke against it. */
  readonly forced?: boolean;
}

/** Keeps the environment to this transaction: its publishes take turns, so a snapshot is one publish and nothing else. */
export function* nextSnapshot(scope: Scope): Script<NextSnapshot> {
  const { snapshot, published_at, now } = yield* lockEnvironment(scope);
  // Time never runs backwards, whatever the clock does (N13).
  return { number: snapshot + 1, at: Math.max(now, published_at), now };
}

export function* writeSnapshot(scope: Scope, next: NextSnapshot, made: SnapshotOrigin): Script<void> {
  yield* run(
    `insert into snapshot (environment_id, number, published_at, origin, run_id, actor, reason, forced)
     values (?, ?, ?, ?, ?, ?, ?, ?)`,
    scope.environmentId,
    next.number,
    next.at,
    made.origin,
    made.runId ?? null,
    made.actor === undefined ? null : storableText(made.actor),
    made.reason === undefined ? null : storableText(made.reason),
    made.forced === true ? 1 : 0,
  );
  yield* run(
    "update environment set snapshot = ?, published_at = ? where id = ?",
    next.number,
    next.at,
    scope.environmentId,
  );
}
