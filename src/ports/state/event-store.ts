import type { EventType, RunEvent } from "../../core/run/event.ts";
import type { Scope } from "./project-store.ts";

export interface EventQuery {
  /** Only events after this position. */
  readonly after?: number;
  readonly runId?: string;
  /** Only events about this asset alone: a publish of many is none of them. */
  readonly asset?: string;
  /** One type at least. */
  readonly types?: readonly EventType[];
  /** 1,000 when absent. */
  readonly limit?: number;
}

/**
 * The event log, in order: who has read up to a position never later sees a new event at or before it (N34).
 * Events are written only by the transactions they explain (see RunStore), never on their own.
 */
export interface EventStore {
  read(scope: Scope, query: EventQuery): Promise<readonly RunEvent[]>;
  /**
   * The last position that was given, in any environment: one row, so that it can be asked for often. Whatever is at or
   * before it can be read.
   */
  head(scope: Scope): Promise<number>;
}
