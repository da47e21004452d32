import type { RunConfig } from "../../core/config/run-config.ts";
import type { RunRecord, RunStatus } from "../../core/run/run.ts";
import type { ControlContext } from "../control-context.ts";
import { isAtWork } from "./is-at-work.ts";
import { isoTime } from "../iso-time.ts";

/** One run in a list. Times are ISO 8601. */
export interface RunSummary {
  readonly id: string;
  /** `interrupted`: its process is gone; the same command continues it. */
  readonly status: RunStatus | "interrupted";
  readonly selection: string;
  /** The job that it is a run of. */
  readonly job: string | undefined;
  /** Of its job. */
  readonly partition: string | undefined;
  /** The steps of its job that were asked for; undefined for all. */
  readonly only: readonly string[] | undefined;
  /** The run that gave what the other steps would have. */
  readonly givenBy: string | undefined;
  readonly trigger: string;
  /** The snapshot that its steps read. */
  readonly snapshot: number;
  readonly createdAt: string;
  readonly startedAt: string | undefined;
  readonly endedAt: string | undefined;
  /** From start to end, or until now. */
  readonly milliseconds: number | undefined;
  readonly stepCount: number;
  /** Times it was continued by another process. */
  readonly resumes: number;
  readonly error: string | undefined;
  /** What it was given, without secrets; undefined where that is nothing. */
  readonly config: RunConfig | undefined;
}

export function summarizeRun(run: RunRecord, context: ControlContext): RunSummary {
  const { startedAt, endedAt } = run;
  const interrupted = run.status === "running" && !isAtWork(run, context);
  const until = endedAt ?? (interrupted ? undefined : context.clock.now());
  return {
    id: run.id,
    status: interrupted ? "interrupted" : run.status,
    selection: run.selection,
    job: run.job,
    partition: run.asked?.partition,
    only: run.asked?.only,
    givenBy: run.asked?.givenBy,
    trigger: run.trigger,
    snapshot: run.snapshot,
    createdAt: isoTime(run.createdAt),
    startedAt: startedAt === undefined ? undefined : isoTime(startedAt),
    endedAt: endedAt === undefined ? undefined : isoTime(endedAt),
    milliseconds: startedAt === undefined || until === undefined ? undefined : until - startedAt,
    stepCount: run.stepCount,
    resumes: run.resumes,
    error: run.error,
    config: run.config,
  };
}
