import { MillraceError, reasonOf } from "../core/errors.ts";
import type { PlanStep } from "../core/plan/plan.ts";

/** Whatever a step's code threw, as an error of ours. */
export function stepError(step: string, thrown: unknown): MillraceError {
  if (thrown instanceof MillraceError) return thrown;
  return new MillraceError("STEP_FAILED", { step, reason: reasonOf(thrown) }, { cause: thrown });
}

/** The disk that filled up in mid-write, whoever noticed it: the engine, Node or the system. */
export function storeFull(step: string, thrown: unknown): MillraceError | undefined {
  const reason = reasonOf(thrown);
  if (!/\bENOSPC\b|No space left on device/i.test(reason)) return undefined;
  const [said = reason] = reason.split("\n");
  return new MillraceError("STORE_FULL", { step, reason: said }, { cause: thrown });
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
