import { isRecord, type OptionRule } from "../option-rules.ts";
import type { RunHooks, StepHooks } from "./hook.ts";

/** Functions by these names, and nothing else: a typing error must not pass for a hook that is never called. */
function hooksRule(names: readonly string[]): OptionRule {
  return {
    wanted: `functions by the names ${names.join(", ")}`,
    fits: (value) =>
      isRecord(value) &&
      Object.entries(value).every(
        ([name, hook]) => names.includes(name) && (hook === undefined || typeof hook === "function"),
      ),
  };
}

const stepNames = ["onSuccess", "onFailure"] satisfies readonly (keyof StepHooks)[];
const runNames = [
  "onSuccess",
  "onFailure",
  "onStepSuccess",
  "onStepFailure",
] satisfies readonly (keyof RunHooks)[];

export const stepHooksRule: OptionRule = hooksRule(stepNames);
export const runHooksRule: OptionRule = hooksRule(runNames);
