import type { GraphNode, GraphScope, MaterializeNode, OpNode } from "../../core/graph/graph-data.ts";

/** Every node of a graph, those in the bodies of maps included. */
export function* allNodes({ nodes }: GraphScope): Generator<GraphNode> {
  for (const node of nodes) {
    yield node;
    if (node.node === "map") yield* allNodes(node.body);
  }
}

export function opNodes(graph: GraphScope): readonly OpNode[] {
  return [...allNodes(graph)].filter((node) => node.node === "op");
}

/** They stand in the job's own scope only. */
export function materializeNodes({ nodes }: GraphScope): readonly MaterializeNode[] {
  return nodes.filter((node) => node.node === "materialize");
}
