import { setTimeout as sleep } from "node:timers/promises";
import { MillraceError } from "../core/errors.ts";
import type { EventType, RunEvent } from "../core/run/event.ts";
import type { EventQuery } from "../ports/state/event-store.ts";
import type { ControlContext } from "./control-context.ts";
import { findRun } from "./runs/find-run.ts";
import { isoTime } from "./iso-time.ts";

export interface FollowRequest {
  /** A run's id, or the beginning of one. */
  readonly run?: string;
  readonly asset?: string;
  readonly types?: readonly EventType[];
  /** Only events after this position. Absent: from the first one on, or when following from the next one on. */
  readonly since?: number;
  /** Go on with those that are yet to come, until `signal` is aborted. */
  readonly follow?: boolean;
  readonly signal?: AbortSignal;
}

/** An event as people and other programs are told it: its time is ISO 8601. */
export type ToldEvent = RunEvent extends infer E
  ? E extends RunEvent
    ? Omit<E, "at"> & { readonly at: string }
    : never
  : never;

export function toldEvent(event: RunEvent): ToldEvent {
  return { ...event, at: isoTime(event.at) };
}

/** One row is asked for so often while nothing happens. */
const pollMs = 100;
const pageSize = 1_000;

/**
 * The event log in order, page by page, and on request what is yet to come. Who has read up to a position can go on from
 * there later and misses nothing (N34).
 *
 * @throws RUN_NOT_FOUND, RUN_AMBIGUOUS, ASSET_NOT_FOUND
 */
export async function* followEvents(
  request: FollowRequest,
  context: ControlContext,
): AsyncGenerator<readonly ToldEvent[], void> {
  const { state, scope, graph } = context;
  const { asset, types, follow = false, signal } = request;
  if (asset !== undefined && !graph.byKey.has(asset))
    throw new MillraceError("ASSET_NOT_FOUND", { key: asset });
  const run = request.run === undefined ? undefined : await findRun(request.run, context);
  const query: EventQuery = {
    limit: pageSize,
    ...(run === undefined ? {} : { runId: run.id }),
    ...(asset === undefined ? {} : { asset }),
    ...(types === undefined ? {} : { types }),
  };
  let after = request.since ?? (follow ? await state.events.head(scope) : 0);
  // Asked before each page: what it does not hold up to there does not exist, whatever is left out by the query.
  let seen: number | undefined;
  for (;;) {
    const head = await state.events.head(scope);
    if (head !== seen) {
      const events = await state.events.read(scope, { ...query, after });
      if (events.length > 0) yield events.map(toldEvent);
      const full = events.length === pageSize;
      after = Math.max(after, full ? 0 : head, events.at(-1)?.position ?? 0);
      if (full && signal?.aborted !== true) continue;
      seen = head;
    }
    if (!follow) return;
    await sleep(pollMs, undefined, { signal }).catch(() => undefined);
    if (signal?.aborted === true) return;
  }
}
