import type { JobGraph } from "../../core/graph/graph-data.ts";
import type { ControlContext } from "../control-context.ts";
import { chooseAssets } from "../planning/choose.ts";
import { findJob } from "./find-job.ts";

/** How a job fits together: its graph, or the assets it makes. */
export type JobOutline =
  | { readonly job: string; readonly graph: JobGraph }
  | {
      readonly job: string;
      readonly selection: string;
      readonly assets: readonly { readonly key: string; readonly reads: readonly string[] }[];
    };

/** @throws JOB_NOT_FOUND */
export async function outlineJob(name: string, context: ControlContext): Promise<JobOutline> {
  const { name: job, body } = findJob(name, context);
  if (body.body === "graph") return { job, graph: body.graph() };
  const { selection } = body;
  const assets = (await chooseAssets(selection, context)).map((asset) => ({
    key: asset.key,
    reads: [...new Set([...asset.dependencies.values()].map(({ key }) => key))],
  }));
  return { job, selection, assets };
}
