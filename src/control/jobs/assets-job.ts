import type { MaterializeRequest } from "../planning/plan-materialization.ts";
import type { JobRequest } from "./prepare-job.ts";

/** A job over assets as the materialization that a run of it is. */
export function assetsRequest(
  selection: string,
  { partition, config }: Pick<JobRequest, "partition" | "config">,
): MaterializeRequest {
  return {
    selection,
    ...(partition === undefined ? {} : { partitions: { from: partition, to: partition } }),
    ...(config === undefined ? {} : { config }),
  };
}
