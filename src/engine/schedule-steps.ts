import type { PlanStep } from "../core/plan/plan.ts";
import type { EndedStep, StepOutcome } from "./execution.ts";

/**
 * Runs steps as soon as what they depend on has ended, well or not, at most `concurrency` at once, in the order of the
 * plan among those that are ready. `run` is told how it ended.
 *
 * @param done Outcomes from an earlier process of the same run; those steps are not run again
 */
export async function scheduleSteps(
  steps: readonly PlanStep[],
  done: ReadonlyMap<string, StepOutcome>,
  concurrency: number,
  signal: AbortSignal,
  run: (step: PlanStep, upstream: readonly EndedStep[]) => Promise<StepOutcome>,
): Promise<ReadonlyMap<string, StepOutcome>> {
  const outcomes = new Map(done);
  const byKey = new Map(steps.map((step) => [step.key, step]));
  const waitingFor = new Map<string, number>();
  const dependents = new Map<string, PlanStep[]>();
  const ready: PlanStep[] = [];
  for (const step of steps) {
    if (outcomes.has(step.key)) continue;
    let open = 0;
    for (const upstream of step.dependsOn) {
      if (outcomes.has(upstream)) continue;
      open += 1;
      const waiting = dependents.get(upstream);
      if (waiting === undefined) dependents.set(upstream, [step]);
      else waiting.push(step);
    }
    if (open === 0) ready.push(step);
    else waitingFor.set(step.key, open);
  }

  let next = 0;
  let running = 0;
  let failure: { readonly reason: unknown } | undefined;
  await new Promise<void>((resolve) => {
    const settle = (step: PlanStep, outcome: StepOutcome): void => {
      outcomes.set(step.key, outcome);
      for (const dependent of dependents.get(step.key) ?? []) {
        const open = (waitingFor.get(dependent.key) ?? 1) - 1;
        waitingFor.set(dependent.key, open);
        if (open === 0) ready.push(dependent);
      }
    };
    const start = async (step: PlanStep): Promise<StepOutcome> =>
      run(
        step,
        step.dependsOn.flatMap((key): EndedStep[] => {
          const [upstream, outcome] = [byKey.get(key), outcomes.get(key)];
          return upstream === undefined || outcome === undefined ? [] : [{ step: upstream, outcome }];
        }),
      );
    const pump = (): void => {
      const ended = (): boolean => signal.aborted || failure !== undefined;
      while (!ended() && running < concurrency && next < ready.length) {
        const step = ready[next] as PlanStep;
        next += 1;
        running += 1;
        start(step)
          .then(
            (outcome) => settle(step, outcome),
            (error: unknown) => {
              failure ??= { reason: error };
            },
          )
          .finally(() => {
            running -= 1;
            pump();
          });
      }
      if (running === 0 && (ended() || next >= ready.length)) resolve();
    };
    pump();
  });
  if (failure !== undefined && !signal.aborted) throw failure.reason;
  return outcomes;
}
