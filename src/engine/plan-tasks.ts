import type { PlanStep } from "../core/plan/plan.ts";
import type { EndedStep, StepOutcome } from "./execution.ts";
import type { Task } from "./schedule-tasks.ts";

/**
 * The steps of a plan as tasks. `run` is told how what a step depends on has ended.
 */
export function planTasks(
  steps: readonly PlanStep[],
  run: (step: PlanStep, upstream: readonly EndedStep[]) => Promise<StepOutcome>,
): readonly Task[] {
  const byKey = new Map(steps.map((step) => [step.key, step]));
  return steps.map((step): Task => {
    return {
      key: step.key,
      dependsOn: step.dependsOn,
      async work(outcomes) {
        const upstream = step.dependsOn.flatMap((key): EndedStep[] => {
          const [ended, outcome] = [byKey.get(key), outcomes.get(key)];
          return ended === undefined || outcome === undefined ? [] : [{ step: ended, outcome }];
        });
        return { outcome: await run(step, upstream) };
      },
    };
  });
}
