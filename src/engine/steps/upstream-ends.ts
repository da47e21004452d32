import type { AssetDefinition } from "../../core/asset/asset-definition.ts";
import { knownAsset } from "../../core/plan/known-asset.ts";
import { outputKey, type PlanStep } from "../../core/plan/plan.ts";
import { waitedFor } from "../../core/project/project-graph.ts";
import type { UpstreamEnd } from "../../core/run/trigger-rule.ts";
import type { EndedStep, Execution } from "../execution.ts";

/** How each asset that a step waits for has ended in this run; those that the run does not make are not among them. */
export function upstreamEnds(
  { computation }: PlanStep,
  upstream: readonly EndedStep[],
  execution: Execution,
): readonly UpstreamEnd[] {
  const waited = new Set(waitedFor(computation, execution.options.checksOf));
  return upstream.flatMap((ended) =>
    ended.step.outputs.flatMap(({ asset }) => {
      if (!waited.has(asset)) return [];
      const end = endOf(ended, asset, execution);
      // A partition that was skipped and is not there is one that it is told to do without (N24).
      const without =
        end === "absent" && computation.missing === "skip" && ended.step.partition !== undefined;
      return { name: outputKey(ended.step, asset), end: without ? "kept" : end };
    }),
  );
}

/** Has anything that the step waits for come out different? */
export function upstreamChanged(
  { computation }: PlanStep,
  upstream: readonly EndedStep[],
  { options }: Execution,
): boolean {
  const waited = waitedFor(computation, options.checksOf);
  return upstream.some(
    ({ outcome }) => outcome.outcome === "success" && waited.some(({ key }) => outcome.changed.has(key)),
  );
}

function endOf(
  { step, outcome }: EndedStep,
  asset: AssetDefinition,
  { options, view }: Execution,
): UpstreamEnd["end"] {
  if (outcome.outcome === "failure" || outcome.outcome === "upstream failed") return "failed";
  if (outcome.outcome === "unchanged") return "success";
  if (outcome.outcome === "success" && !outcome.omitted.has(asset.key)) return "success";
  return view.exactly(knownAsset(options.known, asset), step.range) === undefined ? "absent" : "kept";
}
