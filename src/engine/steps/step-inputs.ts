import type { AssetDefinition } from "../../core/asset/asset-definition.ts";
import type { VersionInput } from "../../core/catalog/version.ts";
import type { PlanStep } from "../../core/plan/plan.ts";
import type { ReadableAsset } from "../../ports/asset-reader.ts";
import { observeExternal, readableDependencies, recordedReads, type Surroundings } from "./dependencies.ts";
import type { Execution, ObservedInputs } from "../execution.ts";

export async function observeInputs(step: PlanStep, { options }: Execution): Promise<ObservedInputs> {
  return observeExternal(step.computation.dependencies.values(), options);
}

/** What the version will record of what it was made from (N5). */
export function recordInputs(
  step: PlanStep,
  observed: ObservedInputs,
  { options, view }: Execution,
): readonly VersionInput[] {
  return recordedReads(around(step, view), step.computation.dependencies, observed, options);
}

/** The same inputs as what a reader can open. */
export function readableInputs(
  asset: Pick<AssetDefinition, "dependencies">,
  step: PlanStep,
  observed: ObservedInputs,
  { options, view }: Execution,
): readonly ReadableAsset[] {
  return readableDependencies(around(step, view), asset.dependencies, observed, options);
}

function around({ computation, range }: PlanStep, view: Surroundings["view"]): Surroundings {
  return { view, range, partitions: computation.partitions };
}
