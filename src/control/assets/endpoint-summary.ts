import type { EndpointDefinition } from "../../core/endpoint/endpoint-definition.ts";
import type { ProjectStatus } from "./project-status.ts";

/** One endpoint in a list. */
export interface EndpointSummary {
  readonly route: string;
  readonly method: string;
  /** Below `/api`. */
  readonly path: string;
  readonly name: string | undefined;
  readonly description: string | undefined;
  readonly tags: readonly string[];
  /** Keys of the assets it reads. */
  readonly reads: readonly string[];
  /** Those of them that have no version yet: until they do, it answers 503. */
  readonly notMaterialized: readonly string[];
}

export function summarizeEndpoint(endpoint: EndpointDefinition, status: ProjectStatus): EndpointSummary {
  const reads = [...new Set(endpoint.reads.values())];
  const absent = reads.filter((asset) => (status.current.get(asset) ?? []).length === 0);
  return {
    route: endpoint.route,
    method: endpoint.method,
    path: endpoint.path,
    name: endpoint.name,
    description: endpoint.description,
    tags: endpoint.tags,
    reads: reads.map((asset) => asset.key),
    notMaterialized: absent.map((asset) => asset.key),
  };
}
