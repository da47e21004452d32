import { createHash } from "node:crypto";
import type { PlanStep } from "../core/plan/plan.ts";
import type { Execution } from "./execution.ts";

/** What a version records of the config it was made with (N5). Nothing where its code takes none. */
export function configHashOf(
  { computation }: Pick<PlanStep, "computation">,
  { config }: Pick<Execution, "config">,
): { readonly configHash?: string } {
  const given = config.assets.get(computation.key);
  return given === undefined || computation.config === undefined
    ? {}
    : { configHash: createHash("sha256").update(given.identity).digest("hex") };
}
