import type { EndpointDefinition } from "../../core/endpoint/endpoint-definition.ts";
import { MillraceError, type ErrorPlace } from "../../core/errors.ts";
import { summarizeAsset, type AssetSummary } from "./asset-summary.ts";
import type { ControlContext } from "../control-context.ts";
import { summarizeEndpoint, type EndpointSummary } from "./endpoint-summary.ts";
import { projectStatus } from "./project-status.ts";

/** An endpoint in full, with what it reads. */
export interface EndpointDetails extends EndpointSummary {
  /** Where it is defined. */
  readonly place: Pick<ErrorPlace, "file" | "line">;
  /** Names of what a request gives, by where it gives them. */
  readonly inputs: Readonly<Record<"params" | "query" | "headers", readonly string[]>>;
  readonly takesBody: boolean;
  readonly cache: "derived" | "vouched";
  readonly timeLimitMs: number;
  readonly maxRows: number;
  readonly readsInDetail: readonly AssetSummary[];
  readonly snapshot: number;
}

/** The endpoint of that route (`GET /x`), path (`/x`) or name; undefined when there is none. */
export function findEndpoint(
  wanted: string,
  context: Pick<ControlContext, "project">,
): EndpointDefinition | undefined {
  const { endpoints } = context.project;
  return (
    endpoints.find((endpoint) => endpoint.route === wanted || endpoint.name === wanted) ??
    endpoints.find((endpoint) => endpoint.path === wanted)
  );
}

/** @throws NOT_FOUND, and of `asOf` SNAPSHOT_INVALID, SNAPSHOT_NOT_FOUND, SNAPSHOT_GONE */
export async function showEndpoint(
  wanted: string,
  context: ControlContext,
  asOf?: string,
): Promise<EndpointDetails> {
  const endpoint = findEndpoint(wanted, context);
  if (endpoint === undefined) throw new MillraceError("NOT_FOUND", { what: `The endpoint ${wanted}` });
  const status = await projectStatus(context, asOf);
  const names = (part: "params" | "query" | "headers"): readonly string[] =>
    Object.keys(endpoint[part]?._zod.def.shape ?? {});
  return {
    ...summarizeEndpoint(endpoint, status),
    place: endpoint.site.place,
    inputs: { params: names("params"), query: names("query"), headers: names("headers") },
    takesBody: endpoint.body !== undefined,
    cache: endpoint.cache,
    timeLimitMs: endpoint.timeLimitMs,
    maxRows: endpoint.maxRows,
    readsInDetail: [...new Set(endpoint.reads.values())].map((asset) =>
      summarizeAsset(asset, status, context),
    ),
    snapshot: status.snapshot,
  };
}
