import { MillraceError, reasonOf } from "../core/errors.ts";
import type { PlanStep } from "../core/plan/plan.ts";

/** Whatever a step's code threw, as an error of ours. */
export function stepError(step: string, thrown: unknown): MillraceError {
  if (thrown instanceof MillraceError) return thrown;
  return new MillraceError("STEP_FAILED", { step, reason: reasonOf(thrown) }, { cause: thrown });
}

/** The same, with where the step's asset is defined. */
export function placedStepError(step: PlanStep, thrown: unknown): MillraceError {
  const { code, details, place, cause } = stepError(step.key, thrown);
  const partition = step.partition === undefined ? {} : { partition: step.partition };
  return new MillraceError(code, details, {
    place: { asset: step.computation.key, ...partition, ...step.computation.site.place, ...place },
    cause,
  });
}
