import type { PlanStep } from "../../core/plan/plan.ts";
import type { EndedStep, StepOutcome } from "../execution.ts";

/** How the steps have ended that a step depends on. */
export function upstreamSteps(
  { dependsOn }: PlanStep,
  steps: ReadonlyMap<string, PlanStep>,
  outcomes: ReadonlyMap<string, StepOutcome>,
): readonly EndedStep[] {
  return dependsOn.flatMap((key): EndedStep[] => {
    const [step, outcome] = [steps.get(key), outcomes.get(key)];
    return step === undefined || outcome === undefined ? [] : [{ step, outcome }];
  });
}
