import { select } from "../core/selection/selection.ts";
import { summarizeAsset, type AssetSummary } from "./asset-summary.ts";
import type { ControlContext } from "./control-context.ts";
import { summarizeEndpoint, type EndpointSummary } from "./endpoint-summary.ts";
import { projectStatus } from "./project-status.ts";

export interface AssetListing {
  readonly project: string;
  readonly environment: string;
  /** The snapshot that everything here is told of. */
  readonly snapshot: number;
  /** Upstream before downstream. */
  readonly assets: readonly AssetSummary[];
  /** Those that read one of the assets. */
  readonly endpoints: readonly EndpointSummary[];
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
  const chosen = selection === undefined ? graph.order : select(selection, graph);
  const status = await projectStatus(context, asOf);
  const wanted = new Set(chosen);
  const endpoints = project.endpoints.filter(
    (endpoint) => selection === undefined || [...endpoint.reads.values()].some((asset) => wanted.has(asset)),
  );
  return {
    project: project.name,
    environment: scope.environment,
    snapshot: status.snapshot,
    assets: chosen.map((asset) => summarizeAsset(asset, status, context)),
    endpoints: endpoints.map((endpoint) => summarizeEndpoint(endpoint, status)),
  };
}
