import type { RetryPolicy } from "../core/asset/retry.ts";
import type { ErrorPlace } from "../core/errors.ts";
import type { PlanStep } from "../core/plan/plan.ts";

/** A step as its attempts see it, whatever it makes. */
export interface TriedStep {
  readonly key: string;
  /** The definition whose code it runs, as messages name it. */
  readonly definition: { readonly what: string; readonly key: string };
  readonly retry: RetryPolicy;
  /** Milliseconds an attempt may take; absent: no limit. */
  readonly timeoutMs?: number | undefined;
  /** Where its definition stands. */
  readonly place: ErrorPlace;
}

/** The step of an asset, or of several that are made together. */
export function triedStep({ key, partition, computation }: PlanStep): TriedStep {
  return {
    key,
    definition: { what: "asset", key: computation.key },
    retry: computation.retry,
    timeoutMs: computation.timeoutMs,
    place: {
      asset: computation.key,
      ...(partition === undefined ? {} : { partition }),
      ...computation.site.place,
    },
  };
}
