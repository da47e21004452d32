import type { AssetDefinition } from "../core/asset/asset-definition.ts";
import { nodesOf } from "../core/graph/graph-nodes.ts";
import { registerJob, type JobBody, type JobDefinition } from "../core/job/job-definition.ts";
import type { OpDefinition } from "../core/op/op-definition.ts";
import type { PartitionDefinition } from "../core/partition/partitions.ts";
import { standInGraph, type GraphStandIns } from "./stand-in-graph.ts";

/** The same job, of what stands in for its ops, assets and partitions. */
export function standInJob(
  job: JobDefinition,
  by: GraphStandIns & {
    readonly partitions: ReadonlyMap<PartitionDefinition, PartitionDefinition>;
  },
): JobDefinition {
  return registerJob({
    ...job,
    body: standInBody(job.body, by),
    partitions: by.partitions.get(job.partitions) ?? job.partitions,
  });
}

function standInBody(body: JobBody, by: GraphStandIns): JobBody {
  if (body.body === "assets") return Object.freeze({ ...body, assets: body.assets.map(by.asset) });
  const graph = standInGraph(body.graph(), by);
  return Object.freeze({ body: "graph", graph: () => graph });
}

/**
 * The assets that a job names as such: those to make, and those that its ops read.
 *
 * @param isReplaced Ops that read nothing in this test
 */
export function namedAssets(
  { body }: JobDefinition,
  isReplaced: (op: OpDefinition) => boolean,
): readonly AssetDefinition[] {
  if (body.body === "assets") return body.assets;
  return [...nodesOf(body.graph())].flatMap((node) => {
    if (node.node === "op") return isReplaced(node.op) ? [] : [...node.op.dependencies.values()];
    return node.node === "materialize" ? node.assets : [];
  });
}
