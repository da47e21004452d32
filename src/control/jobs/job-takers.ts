import type { GraphScope } from "../../core/graph/graph-data.ts";
import { nodesOf } from "../../core/graph/graph-nodes.ts";
import type { JobDefinition } from "../../core/job/job-definition.ts";
import { ownTaker, type JobTakers } from "../runs/read-config.ts";

/** What takes config in a job: itself, the ops of its graph, and what these work with. */
export function jobTakers({ config }: JobDefinition, graph: GraphScope): Required<JobTakers> {
  const nodes = [...nodesOf(graph)].filter((node) => node.node === "op");
  // What a call in the graph says of an op's config, nobody says besides.
  const ops = nodes.flatMap(({ id, op, config: given }) =>
    op.config === undefined || given !== undefined
      ? []
      : [[id, { schema: op.config, needed: true }] as const],
  );
  return {
    job: ownTaker(config),
    ops: new Map(ops),
    resources: nodes.flatMap(({ op }) => [...op.resources.values()]),
  };
}
