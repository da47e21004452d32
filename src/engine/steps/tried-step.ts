import type { ErrorPlace } from "../../core/errors.ts";
import type { StepHooks } from "../../core/hook/hook.ts";
import type { PlanStep } from "../../core/plan/plan.ts";
import { stepPolicy, type StepPolicy } from "../../core/run/step-policy.ts";
import type { Execution } from "../execution.ts";

/** A step as its attempts see it, whatever it makes. */
export interface TriedStep {
  readonly key: string;
  /** The definition whose code it runs, as messages name it. */
  readonly definition: { readonly what: string; readonly key: string };
  /** All layers together. */
  readonly policy: StepPolicy;
  /** Keys of the assets that it makes. */
  readonly assets: readonly string[];
  /** Those of its definition. */
  readonly hooks?: StepHooks | undefined;
  /** Where its definition stands. */
  readonly place: ErrorPlace;
}

/** The step of an asset, or of several that are made together. */
export function triedStep(
  { key, partition, computation, outputs }: PlanStep,
  { defaults }: Pick<Execution, "defaults">,
): TriedStep {
  return {
    key,
    definition: { what: "asset", key: computation.key },
    policy: stepPolicy(computation.policy, defaults),
    assets: outputs.map(({ asset }) => asset.key),
    hooks: computation.hooks,
    place: {
      asset: computation.key,
      ...(partition === undefined ? {} : { partition }),
      ...computation.site.place,
    },
  };
}
