import { nodesOf } from "../graph/graph-nodes.ts";
import type { OpDefinition } from "../op/op-definition.ts";
import type { ProjectDefinition } from "./project.ts";

/** The ops that are exported, and those that jobs and graphs of assets call without. */
export function projectOps({
  ops,
  jobs,
  assets,
}: Pick<ProjectDefinition, "ops" | "jobs" | "assets">): ReadonlySet<OpDefinition> {
  const found = new Set(ops);
  for (const { body } of [...jobs, ...assets]) {
    if (body.body !== "graph") continue;
    for (const node of nodesOf(body.graph())) if (node.node === "op") found.add(node.op);
  }
  return found;
}
