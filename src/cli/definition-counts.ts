import { counted } from "../core/counted.ts";
import type { ProjectDefinition } from "../core/project/project.ts";
import { projectOps } from "../core/project/project-ops.ts";

/** How many there are of each kind. */
export interface DefinitionCounts {
  readonly assets: number;
  readonly endpoints: number;
  readonly jobs: number;
  /** Those that jobs call among them. */
  readonly ops: number;
}

export function countDefinitions(
  project: Pick<ProjectDefinition, "assets" | "endpoints" | "jobs" | "ops">,
): DefinitionCounts {
  const { assets, endpoints, jobs } = project;
  return {
    assets: assets.length,
    endpoints: endpoints.length,
    jobs: jobs.length,
    ops: projectOps(project).size,
  };
}

/** "3 assets, 1 endpoint, 2 jobs, 5 ops": jobs and ops where there are some. */
export function definitionCounts({ assets, endpoints, jobs, ops }: DefinitionCounts): string {
  const some = [...(jobs === 0 ? [] : [counted(jobs, "job")]), ...(ops === 0 ? [] : [counted(ops, "op")])];
  return [counted(assets, "asset"), counted(endpoints, "endpoint"), ...some].join(", ");
}
