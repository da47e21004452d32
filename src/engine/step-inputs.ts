import { isExternal } from "../core/asset/asset-definition.ts";
import { readableParts } from "../core/catalog/readable-part.ts";
import type { VersionInput } from "../core/catalog/version.ts";
import { knownAsset } from "../core/plan/known-asset.ts";
import type { PlanStep } from "../core/plan/plan.ts";
import { inputPieces, stepInputs, versionInput } from "../core/plan/step-inputs.ts";
import type { ReadableAsset } from "../ports/asset-reader.ts";
import type { Observed } from "../ports/external-sources.ts";
import type { Execution, ObservedInputs } from "./execution.ts";

export async function observeInputs(step: PlanStep, { options }: Execution): Promise<ObservedInputs> {
  const observed = new Map<string, Observed>();
  for (const asset of step.computation.dependencies.values()) {
    if (isExternal(asset)) observed.set(asset.key, await options.sources.observe(asset));
  }
  return observed;
}

/** What the version will record of what it was made from (N5). */
export function recordInputs(
  step: PlanStep,
  observed: ObservedInputs,
  { options, view }: Execution,
): readonly VersionInput[] {
  return stepInputs(step.computation, step.range, options.known, options.clock.now())
    .map((input) =>
      versionInput(
        input,
        view,
        knownAsset(options.known, input.asset),
        observed.get(input.asset.key)?.dataVersion,
      ),
    )
    .filter((input) => input !== undefined);
}

/** The same inputs as what a reader can open. */
export function readableInputs(
  asset: Parameters<typeof stepInputs>[0],
  step: PlanStep,
  observed: ObservedInputs,
  { options, view }: Execution,
): readonly ReadableAsset[] {
  return stepInputs(asset, step.range, options.known, options.clock.now()).map((input) => {
    const known = knownAsset(options.known, input.asset);
    const parts = readableParts(inputPieces(input, view, known), known.space);
    const seen = observed.get(input.asset.key);
    return {
      name: input.name,
      asset: input.asset,
      parts,
      many: input.all,
      ...(isExternal(input.asset) ? { externalPath: options.sources.path(input.asset) } : {}),
      ...(seen === undefined ? {} : { observedVersion: seen.dataVersion }),
    };
  });
}
