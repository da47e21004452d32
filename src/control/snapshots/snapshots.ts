import { checkPinName } from "../../core/catalog/snapshot-ref.ts";
import type { SnapshotRecord } from "../../ports/state/snapshot-store.ts";
import type { ControlContext } from "../control-context.ts";
import { isoTime } from "../iso-time.ts";
import { resolveSnapshot } from "./resolve-snapshot.ts";

/** One snapshot in a list. Times are ISO 8601. */
export interface SnapshotSummary {
  readonly number: number;
  /** Undefined for the empty one. */
  readonly publishedAt: string | undefined;
  readonly origin: SnapshotRecord["origin"];
  readonly runId: string | undefined;
  readonly actor: string | undefined;
  readonly reason: string | undefined;
  /** A rollback or a release that was asked for whatever checks and contracts say. */
  readonly forced: boolean;
  readonly pins: readonly {
    readonly name: string;
    readonly by: string;
    readonly reason: string;
    readonly at: string;
  }[];
  /** Runs at work that read it, and keep it as a name would. */
  readonly runs: number;
}

export interface SnapshotListing {
  readonly environment: string;
  /** Newest first. */
  readonly snapshots: readonly SnapshotSummary[];
  /** Give it as `before` for those that come after these; undefined on the last page. */
  readonly next: number | undefined;
}

export async function listSnapshots(
  options: { readonly limit: number; readonly before?: number; readonly pinned?: boolean },
  { state, scope }: ControlContext,
): Promise<SnapshotListing> {
  const { limit } = options;
  // One more than wanted tells whether there is another page.
  const records = await state.snapshots.list(scope, { ...options, limit: limit + 1 });
  const page = records.slice(0, limit);
  return {
    environment: scope.environment,
    snapshots: page.map(summary),
    next: records.length > limit ? page.at(-1)?.number : undefined,
  };
}

export interface PinRequest {
  readonly name: string;
  /** Number, token, another name or a time; the newest when absent. */
  readonly at?: string;
  readonly by: string;
  readonly reason: string;
}

/** Keeps a snapshot under a name. @throws SNAPSHOT_NAME_INVALID, SNAPSHOT_NAME_TAKEN, SNAPSHOT_GONE and the like */
export async function pinSnapshot(
  { name, at, by, reason }: PinRequest,
  context: ControlContext,
): Promise<{ readonly name: string; readonly snapshot: number; readonly publishedAt: string }> {
  checkPinName(name);
  const { number, publishedAt } = await resolveSnapshot(at, context);
  await context.state.snapshots.pin(context.scope, number, { name, by, reason });
  return { name, snapshot: number, publishedAt: isoTime(publishedAt) };
}

/** Gives a name up; the snapshot is then kept for the retention only. @throws SNAPSHOT_NOT_FOUND */
export async function unpinSnapshot(
  name: string,
  by: string,
  { state, scope }: ControlContext,
): Promise<{ readonly name: string; readonly snapshot: number }> {
  return { name, snapshot: await state.snapshots.unpin(scope, name, by) };
}

function summary(record: SnapshotRecord): SnapshotSummary {
  const { number, publishedAt, origin, runId, actor, reason, forced, pins, runs } = record;
  return {
    number,
    publishedAt: publishedAt === 0 ? undefined : isoTime(publishedAt),
    origin,
    runId,
    actor,
    reason,
    forced,
    pins: pins.map((pin) => ({ ...pin, at: isoTime(pin.at) })),
    runs,
  };
}
