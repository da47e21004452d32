import { projectOps } from "../../core/project/project-ops.ts";
import { summarizeAsset, type AssetSummary } from "./asset-summary.ts";
import { choose } from "../planning/choose.ts";
import type { ControlContext } from "../control-context.ts";
import { summarizeEndpoint, type EndpointSummary } from "./endpoint-summary.ts";
import { projectStatus } from "./project-status.ts";

export interface AssetListing {
  readonly project: string;
  readonly environment: string;
  /** The snapshot that everything here is told of. */
  readonly snapshot: number;
  /** Upstream before downstream. */
  readonly assets: readonly AssetSummary[];
  /** Those that are selected themselves or read one of the assets. */
  readonly endpoints: readonly EndpointSummary[];
  /** How many the project has, whatever is selected; millrace job ls lists the jobs. */
  readonly jobs: number;
  readonly ops: number;
}

/**
 * Assets with what is current and stale of them, and the endpoints over them; all when no selection is given.
 *
 * @param asOf a snapshot (number, token, pinned name or time); the newest when absent
 * @throws SELECTION_EMPTY, SELECTION_INVALID, SNAPSHOT_INVALID, SNAPSHOT_NOT_FOUND, SNAPSHOT_GONE
 */
export async function listAssets(
  selection: string | undefined,
  context: ControlContext,
  asOf?: string,
): Promise<AssetListing> {
  const { graph, project, scope } = context;
  const status = await projectStatus(context, asOf);
  const chosen =
    selection === undefined
      ? { assets: graph.order, endpoints: project.endpoints }
      : await choose(selection, context, status.past ? undefined : status);
  const readers = new Set(chosen.assets.flatMap((asset) => graph.endpointsOver(asset)));
  for (const endpoint of chosen.endpoints) readers.add(endpoint);
  return {
    project: project.name,
    environment: scope.environment,
    snapshot: status.snapshot,
    assets: chosen.assets.map((asset) => summarizeAsset(asset, status, context)),
    endpoints: project.endpoints
      .filter((endpoint) => readers.has(endpoint))
      .map((endpoint) => summarizeEndpoint(endpoint, status)),
    jobs: project.jobs.length,
    ops: projectOps(project).size,
  };
}
