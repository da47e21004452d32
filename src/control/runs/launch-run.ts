import type { JobDefinition } from "../../core/job/job-definition.ts";
import type { RunOutcome } from "../../core/run/run-progress.ts";
import type { RunRequest } from "../../ports/run-launcher.ts";
import type { TakenOver } from "../../ports/state/run-store.ts";
import type { ControlContext } from "../control-context.ts";
import { jobPolicies } from "./job-policies.ts";
import type { MaterializeOptions } from "./materialize.ts";

/** A run that has begun, or that goes on. */
export interface Launch extends Pick<
  RunRequest,
  "plan" | "lease" | "committed" | "config" | "publish" | "job" | "earlierOps"
> {
  /** Of the run that goes on. */
  readonly taken: TakenOver | undefined;
  /** The job that it is a run of: its policy, its hooks and its limit hold. */
  readonly of: JobDefinition | undefined;
}

/** Hands a run to the launcher, and follows it to its end. */
export function launchRun(
  { plan, taken, of: job, lease, ...run }: Launch,
  options: MaterializeOptions,
  { launcher, leaseMs }: ControlContext,
): Promise<RunOutcome> {
  const { timeoutMs } = options;
  return launcher.launch({
    ...run,
    plan: { ...plan, snapshot: lease.snapshot },
    lease,
    leaseMs,
    abandoned: taken?.abandoned ?? [],
    history: taken?.history ?? [],
    ...jobPolicies(job),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    claims: options.claims ?? "fail",
    force: options.force ?? false,
    signal: options.signal,
    report: options.report ?? (() => undefined),
  });
}
