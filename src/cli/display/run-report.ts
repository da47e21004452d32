import type { Materialized, RunStart } from "../../control/runs/materialize.ts";
import type { ErrorPlace } from "../../core/errors.ts";
import type { Failure } from "../../core/run/run-progress.ts";
import type { FailedCheck, RunTally, StepResult } from "./run-tally.ts";

/** How a materialization ended, as data: what `--json` prints and the summary tells. */
export interface RunReport {
  /** Absent when there was nothing to do. */
  readonly runId: string | undefined;
  readonly status: "success" | "failure" | "canceled" | "nothing to do";
  /** Steps that an interrupted run had already committed; absent for a new run. */
  readonly continued: number | undefined;
  /** Steps that it had committed and that were made again, with the reason. */
  readonly madeAgain: RunStart["again"];
  /** The newest one after its publish; absent when nothing was published. */
  readonly snapshot: number | undefined;
  /** Those in which its versions became current: one, or one for each step that was published by itself. */
  readonly snapshots: readonly number[];
  /** Versions that were published: those of the steps that succeeded, as a rule. */
  readonly published: number;
  readonly milliseconds: number;
  /** Steps that were fresh and therefore left alone. */
  readonly fresh: number;
  /** Places that a rollback holds and that were therefore left alone. */
  readonly held: number;
  /** Assets, or stretches of partitions, that have left the code and are read no more. */
  readonly retired: number;
  readonly steps: readonly StepResult[];
  readonly failedChecks: readonly FailedCheck[];
  readonly failures: readonly StepFailure[];
  /** Why the run as a whole has failed; absent where only steps of it have. */
  readonly error: Failure | undefined;
}

export interface StepFailure {
  readonly step: string;
  readonly code: string;
  readonly message: string;
  readonly place: ErrorPlace;
  readonly fix: string | undefined;
}

export function runReport(
  { plan, outcome }: Materialized,
  start: RunStart | undefined,
  tally: RunTally | undefined,
  milliseconds: number,
): RunReport {
  const sites = new Map(plan.steps.map((step) => [step.key, step]));
  return {
    runId: outcome?.runId,
    status: outcome?.status ?? "nothing to do",
    continued: start?.continued,
    madeAgain: start?.again ?? [],
    snapshot: outcome?.snapshot,
    snapshots: tally?.snapshots ?? [],
    published: tally?.published ?? 0,
    milliseconds: Math.round(milliseconds),
    fresh: plan.fresh,
    held: plan.held.filter(({ key }) => !sites.has(key)).length,
    retired: plan.retired.length,
    steps: tally?.results ?? [],
    failedChecks: tally?.failedChecks ?? [],
    error: outcome?.error,
    // A canceled step has not failed: it is where the run goes on.
    failures: (outcome?.failed ?? [])
      .filter(({ code }) => code !== "CANCELED")
      .map(({ step, reason, code, fix }) => {
        const planned = sites.get(step);
        const partition = planned?.partition === undefined ? {} : { partition: planned.partition };
        const place =
          planned === undefined
            ? {}
            : { asset: planned.computation.key, ...partition, ...planned.computation.site.place };
        return { step, code, message: reason, place, fix };
      }),
  };
}
