import type { CheckEvaluation } from "../check/evaluation.ts";

/** Assets that an event is about together; of many only the first ones are named. */
export interface NamedAssets {
  readonly assets?: readonly string[];
  /** How many more there are. */
  readonly moreAssets?: number;
}

/** Who did something by hand, and why. */
interface Deed {
  readonly by: string;
  readonly reason: string;
}

/** Who executes a run. */
interface Owner {
  readonly host: string;
  readonly pid: number;
}

/** What each type of event tells. Small, and never a secret. */
export interface EventData {
  "run.created": { readonly selection: string; readonly trigger: string; readonly steps: number };
  "run.started": Owner & { readonly snapshot: number };
  "run.resumed": Owner & { readonly resumes: number; readonly abandoned: number };
  "run.succeeded": {};
  "run.failed": { readonly error?: string };
  "run.canceled": { readonly error?: string };
  /** `assets`: of a step that makes several. */
  "step.started": {
    readonly attempt: number;
    readonly from?: number;
    readonly to?: number;
    readonly assets?: readonly string[];
  };
  /** What a list came to: the steps of its items. */
  "steps.added": { readonly steps: number };
  "step.retrying": { readonly attempt: number; readonly reason: string; readonly delayMs: number };
  /** `versionIds` instead of `versionId` where a step makes several assets. */
  "step.succeeded": {
    readonly attempt: number;
    readonly milliseconds?: number;
    readonly versionId?: string | undefined;
    readonly versionIds?: readonly string[];
    readonly omitted?: readonly string[];
  };
  "step.failed": { readonly attempt: number; readonly reason: string; readonly code: string };
  "step.skipped": { readonly reason: string };
  "version.staged": {
    readonly versionId: string;
    readonly dataVersion: string;
    readonly rows?: number;
    readonly bytes: number;
  };
  "version.rejected": { readonly versionId: string; readonly reason: string };
  "version.superseded": { readonly versionId: string };
  "version.held": { readonly versionId: string };
  "check.evaluated": Pick<CheckEvaluation, "check" | "passed" | "blocking" | "severity" | "versionId"> & {
    readonly description?: string;
  };
  /** A report of what was made elsewhere. */
  "asset.reported": { readonly dataVersion: string; readonly by: string };
  "asset.observed": { readonly dataVersion: string };
  /** Versions of it were given other locations, in one file. */
  "asset.compacted": { readonly versions: number; readonly files: number; readonly bytes: number };
  published: NamedAssets & {
    readonly snapshot: number;
    readonly versions: number;
    /** Assets that left the code. */
    readonly retired?: number;
    readonly rollback?: true;
  };
  /** `forced`: whatever checks of whole assets and contracts of endpoints say. */
  held: NamedAssets & Deed & { readonly snapshot: number; readonly forced?: true };
  released: NamedAssets & Deed & { readonly forced?: true };
  "snapshot.pinned": Deed & { readonly snapshot: number; readonly name: string };
  "snapshot.unpinned": { readonly snapshot: number; readonly name: string; readonly by: string };
  /** What was to be called at the end of a step or of the run has failed itself: its name, and of what it is. */
  "hook.failed": { readonly hook: string; readonly of: string; readonly reason: string };
  log: {
    readonly level: string;
    readonly message: string;
    readonly fields?: Readonly<Record<string, unknown>>;
  };
}

export type EventType = keyof EventData;

/** Every type there is; that none is missing the compiler sees. */
export const eventTypes: readonly EventType[] = Object.keys({
  "run.created": 1,
  "run.started": 1,
  "run.resumed": 1,
  "run.succeeded": 1,
  "run.failed": 1,
  "run.canceled": 1,
  "step.started": 1,
  "steps.added": 1,
  "step.retrying": 1,
  "step.succeeded": 1,
  "step.failed": 1,
  "step.skipped": 1,
  "version.staged": 1,
  "version.rejected": 1,
  "version.superseded": 1,
  "version.held": 1,
  "check.evaluated": 1,
  "asset.reported": 1,
  "asset.observed": 1,
  "asset.compacted": 1,
  published: 1,
  held: 1,
  released: 1,
  "snapshot.pinned": 1,
  "snapshot.unpinned": 1,
  "hook.failed": 1,
  log: 1,
} satisfies Record<EventType, 1>) as EventType[];

/** What something happened to. */
export interface EventSubject {
  readonly runId?: string;
  readonly step?: string;
  readonly asset?: string | undefined;
}

/** An event of one type as it is written; the log gives it position and time. */
export type NewEvent = {
  [T in EventType]: EventSubject & { readonly type: T; readonly data: EventData[T] };
}[EventType];

/** What the event log records. The tables are the truth; this is the history, told in order (N33). */
export type RunEvent = NewEvent & {
  /** Place in the project's log; grows, with gaps. */
  readonly position: number;
  readonly at: number;
};
