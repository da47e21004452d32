import { expandPlan } from "./expand-plan.ts";
import { outlinePlan } from "./outline-plan.ts";
import type { Plan } from "./plan.ts";
import type { PlanRequest } from "./plan-request.ts";

/** Decides what a run does, step by step. Pure: the same catalog, code and request give the same plan. */
export function makePlan(request: PlanRequest): Plan {
  return expandPlan(outlinePlan(request), request);
}
