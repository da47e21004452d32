import type { JobRun } from "../../control/jobs/run-job.ts";
import type { RunStart } from "../../control/runs/materialize.ts";
import type { ErrorPlace } from "../../core/errors.ts";
import type { GraphNode } from "../../core/graph/graph-data.ts";
import { nodesOf } from "../../core/graph/graph-nodes.ts";
import { nodeOfStep } from "../../core/graph/step-names.ts";
import type { PlanStep } from "../../core/plan/plan.ts";
import type { Failure } from "../../core/run/run-progress.ts";
import type { FailedCheck, RunTally, StepResult } from "./run-tally.ts";

/** How a run ended, as data: what `--json` prints and the summary tells. */
export interface RunReport {
  /** Absent when there was nothing to do. */
  readonly runId: string | undefined;
  /** The job that was run; absent of a materialization. */
  readonly job?: string;
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
  /** What the graph of a job gave, in the notation in which values are kept; absent where there is nothing. */
  readonly output: unknown;
  /** Why the run as a whole has failed; absent where only steps of it have. */
  readonly error: Failure | undefined;
}

export interface StepFailure {
  readonly step: string;
  /** Of a step of a graph: its node, which its items have in common. */
  readonly node?: string;
  readonly code: string;
  readonly message: string;
  readonly place: ErrorPlace;
  readonly fix: string | undefined;
}

export function runReport(
  { job, plan, outcome, graph, told }: JobRun,
  start: RunStart | undefined,
  tally: RunTally | undefined,
  milliseconds: number,
): RunReport {
  const sites = new Map(plan.steps.map((step) => [step.key, step]));
  const nodes = new Map(graph === undefined ? [] : [...nodesOf(graph)].map((node) => [node.id, node]));
  return {
    runId: outcome?.runId,
    ...(job === undefined ? {} : { job }),
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
    output: told,
    error: outcome?.error,
    // A canceled step has not failed: it is where the run goes on.
    failures: (outcome?.failed ?? [])
      .filter(({ code }) => code !== "CANCELED")
      .map(({ step, reason, code, fix }) => {
        const planned = sites.get(step);
        if (planned !== undefined) return { step, code, message: reason, place: placeOf(planned), fix };
        const node = nodes.get(nodeOfStep(step));
        const found = node === undefined ? {} : { node: node.id };
        return { step, ...found, code, message: reason, place: siteOf(node), fix };
      }),
  };
}

function placeOf({ computation, partition }: PlanStep): ErrorPlace {
  return {
    asset: computation.key,
    ...(partition === undefined ? {} : { partition }),
    ...computation.site.place,
  };
}

/** An op where it is written; what only decides where it is called. */
function siteOf(node: GraphNode | undefined): ErrorPlace {
  return (node?.node === "op" ? node.op.site.place : node?.site?.place) ?? {};
}
