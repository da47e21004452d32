import type { PlanStep } from "../../core/plan/plan.ts";
import { configInvalid } from "../../core/config/config-mistakes.ts";
import { assetTakers } from "../../core/config/config-takers.ts";
import { noRunConfig, parseRunConfig, type ParsedRunConfig } from "../../core/config/run-config.ts";
import type { ControlContext } from "../control-context.ts";

/**
 * What a run is given, parsed for all that it makes.
 *
 * @param document Merged from what was given; absent: nothing
 * @throws CONFIG_INVALID with every mistake
 */
export function readConfig(
  document: unknown,
  steps: readonly Pick<PlanStep, "computation">[],
  { graph, variables }: Pick<ControlContext, "graph" | "variables">,
): ParsedRunConfig {
  const needed = new Set(steps.map(({ computation }) => computation));
  const takes = [...needed].some(({ config }) => config !== undefined);
  if (document === undefined && !takes) return noRunConfig;
  const read = parseRunConfig({ assets: assetTakers(graph.computations, needed) }, document, variables);
  if (!read.ok) throw configInvalid(read.problems);
  return read.value;
}
