import type { Computation } from "../../core/asset/computation.ts";
import { configInvalid } from "../../core/config/config-mistakes.ts";
import { assetTakers, resourceTakers } from "../../core/config/config-takers.ts";
import {
  noRunConfig,
  parseRunConfig,
  type ConfigTaker,
  type ConfigTakers,
  type ParsedRunConfig,
} from "../../core/config/run-config.ts";
import type { JobDefinition } from "../../core/job/job-definition.ts";
import type { PlanStep } from "../../core/plan/plan.ts";
import { projectResources } from "../../core/project/project-resources.ts";
import { withNested, type ResourceDefinition } from "../../core/resource/resource-definition.ts";
import type { ControlContext } from "../control-context.ts";

/** What of a job takes config: the job itself, its ops, and what these work with. */
export interface JobTakers extends Pick<ConfigTakers, "job" | "ops"> {
  readonly resources?: Iterable<ResourceDefinition>;
}

/** A job's own config. */
export function ownTaker(config: JobDefinition["config"]): ConfigTaker {
  return config === undefined ? { needed: false } : { schema: config, needed: true };
}

/**
 * What a run is given, parsed for all that it makes and works with.
 *
 * @param document Merged from what was given; absent: nothing
 * @throws CONFIG_INVALID with every mistake, ENVIRONMENT_VARIABLES_MISSING
 */
export function readConfig(
  document: unknown,
  steps: readonly Pick<PlanStep, "computation">[],
  context: Pick<ControlContext, "graph" | "project" | "variables" | "resourceConfigs">,
  { job, ops, resources: ofJob = [] }: JobTakers = {},
): ParsedRunConfig {
  const { graph, project, variables } = context;
  const configs = context.resourceConfigs();
  const needed = new Set(steps.map(({ computation }) => computation));
  const used = new Set(withNested([...ofJob, ...usedResources(needed, project)]));
  const takes =
    job?.needed === true ||
    (ops?.size ?? 0) > 0 ||
    [...needed, ...used].some(({ config }) => config !== undefined);
  if (document === undefined && !takes) return noRunConfig;
  const takers: ConfigTakers = {
    ...(job === undefined ? {} : { job }),
    ...(ops === undefined ? {} : { ops }),
    assets: assetTakers(graph.computations, needed),
    resources: resourceTakers(projectResources(project), used, configs),
  };
  const read = parseRunConfig(takers, document, variables);
  if (!read.ok) throw configInvalid(read.problems);
  return read.value;
}

/** What the code of these, and the checks of what they make, work with. */
export function* usedResources(
  computations: ReadonlySet<Computation>,
  { checks }: ControlContext["project"],
): Generator<ResourceDefinition> {
  for (const { resources, outputs } of computations) {
    yield* resources.values();
    for (const { rule } of outputs.flatMap(({ asset }) => checks.get(asset) ?? []))
      if (rule.rule === "run") yield* rule.resources.values();
  }
}
