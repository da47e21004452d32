/** What the event log records. The tables are the truth; this is the history, told in order. */
export type EventType =
  | "run.created"
  | "run.started"
  | "run.resumed"
  | "run.succeeded"
  | "run.failed"
  | "run.canceled"
  | "step.started"
  | "step.retrying"
  | "step.succeeded"
  | "step.failed"
  | "step.skipped"
  | "version.staged"
  | "version.rejected"
  | "version.superseded"
  | "version.held"
  | "check.evaluated"
  | "asset.observed"
  | "published"
  | "held"
  | "released"
  | "snapshot.pinned"
  | "snapshot.unpinned"
  | "log";

export interface RunEvent {
  /** Place in the project's log; grows, with gaps. */
  readonly position: number;
  readonly at: number;
  readonly type: EventType;
  readonly runId?: string;
  readonly step?: string;
  readonly asset?: string;
  /** Particulars of the type; small, never a secret. */
  readonly data: Readonly<Record<string, unknown>>;
}
