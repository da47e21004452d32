import type { GraphScope, MaterializeNode, OpNode } from "../../core/graph/graph-data.ts";
import { nodesOf } from "../../core/graph/graph-nodes.ts";

export function opNodes(graph: GraphScope): readonly OpNode[] {
  return [...nodesOf(graph)].filter((node) => node.node === "op");
}

/** They stand in the job's own scope only. */
export function materializeNodes({ nodes }: GraphScope): readonly MaterializeNode[] {
  return nodes.filter((node) => node.node === "materialize");
}
