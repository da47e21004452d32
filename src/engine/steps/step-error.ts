import { MillraceError, reasonOf } from "../../core/errors.ts";
import type { TriedStep } from "./tried-step.ts";

/** Whatever a step's code threw, as an error of ours. */
export function stepError(step: string, thrown: unknown): MillraceError {
  if (thrown instanceof MillraceError) return thrown;
  return new MillraceError("STEP_FAILED", { step, reason: reasonOf(thrown) }, { cause: thrown });
}

/** The same, with where the step's code is defined. */
export function placedStepError(step: Pick<TriedStep, "key" | "place">, thrown: unknown): MillraceError {
  const { code, details, place, cause } = stepError(step.key, thrown);
  return new MillraceError(code, details, { place: { ...step.place, ...place }, cause });
}
