import type { PlanStep } from "../../core/plan/plan.ts";
import { configInvalid } from "../../core/config/config-mistakes.ts";
import { assetTakers } from "../../core/config/config-takers.ts";
import {
  noRunConfig,
  parseRunConfig,
  type ConfigTakers,
  type ParsedRunConfig,
} from "../../core/config/run-config.ts";
import type { ControlContext } from "../control-context.ts";

/**
 * What a run is given, parsed for all that it makes.
 *
 * @param document Merged from what was given; absent: nothing
 * @param job What of a job takes config: the job itself, and its ops
 * @throws CONFIG_INVALID with every mistake
 */
export function readConfig(
  document: unknown,
  steps: readonly Pick<PlanStep, "computation">[],
  { graph, variables }: Pick<ControlContext, "graph" | "variables">,
  job: Pick<ConfigTakers, "job" | "ops"> = {},
): ParsedRunConfig {
  const needed = new Set(steps.map(({ computation }) => computation));
  const takes =
    job.job?.needed === true ||
    (job.ops?.size ?? 0) > 0 ||
    [...needed].some(({ config }) => config !== undefined);
  if (document === undefined && !takes) return noRunConfig;
  const read = parseRunConfig(
    { ...job, assets: assetTakers(graph.computations, needed) },
    document,
    variables,
  );
  if (!read.ok) throw configInvalid(read.problems);
  return read.value;
}
