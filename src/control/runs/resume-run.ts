import { MillraceError } from "../../core/errors.ts";
import { resumePlan } from "../../core/plan/resume-plan.ts";
import type { RunOutcome, RunProgress } from "../../core/run/run-progress.ts";
import { resumedJob } from "../jobs/resumed-job.ts";
import { committedStep } from "./committed-step.ts";
import type { ControlContext } from "../control-context.ts";
import { opsAmong } from "./earlier-ops.ts";
import { isForsaken } from "./is-forsaken.ts";
import { readConfig } from "./read-config.ts";
import { madeAssets, recordCode } from "./record-code.ts";

export interface ResumeOptions {
  readonly signal?: AbortSignal;
  readonly report?: (progress: RunProgress) => void;
}

/**
 * Goes on with a run whose process is gone, as if that had not happened: the same steps, the same snapshot, the same
 * config, the same code (N9, N14). The project has to be loaded from the run's code pin. A person who gives the same
 * command again gets today's code instead; see `materialize` and `runJob`.
 *
 * @throws CONFIG_INVALID where a variable that it was given is not set, or a secret was written out, which is not kept
 * @throws RUN_NOT_FOUND, RUN_ENDED, RUN_ACTIVE, and RUN_OF_OTHER_CODE when the project was loaded from other code
 */
export async function resumeRun(
  runId: string,
  context: ControlContext,
  options: ResumeOptions = {},
): Promise<RunOutcome> {
  const { state, scope, processes, graph, known, clock, leaseMs, launcher, code } = context;
  const run = await state.runs.get(scope, runId);
  if (run === undefined) throw new MillraceError("RUN_NOT_FOUND", { run: runId });
  if (run.endedAt !== undefined) throw new MillraceError("RUN_ENDED", { run: run.id, status: run.status });
  if (run.owner !== undefined && !(await isForsaken(run, context))) {
    throw new MillraceError("RUN_ACTIVE", { run: run.id, process: `${run.owner.pid} on ${run.owner.host}` });
  }
  const loaded = await code.keep([]);
  if (run.codePin !== loaded) {
    throw new MillraceError("RUN_OF_OTHER_CODE", {
      run: run.id,
      pin: run.codePin ?? "",
      loaded: loaded ?? "",
    });
  }
  const job = await resumedJob(run, context);
  const before = resumePlan(run, await state.runs.steps(run.id), graph, known, clock.now());
  const config = readConfig(run.config, before.steps, context, job?.takers);
  const taken = await state.runs.takeOver(scope, run.id, run.token, processes.self, leaseMs);
  const steps = await state.runs.steps(run.id);
  const plan = resumePlan(run, steps, graph, known, clock.now());
  await recordCode(plan.steps.flatMap(madeAssets), context);
  return launcher.launch({
    plan,
    ...job?.policies,
    job: job?.work?.(config, plan),
    earlierOps: opsAmong(steps),
    lease: taken.lease,
    leaseMs,
    committed: steps.flatMap(committedStep),
    abandoned: taken.abandoned,
    history: taken.history,
    config,
    publish: run.publish,
    claims: "fail",
    force: false,
    signal: options.signal,
    report: options.report ?? (() => undefined),
  });
}
