import type { GraphNode, GraphScope } from "./graph-data.ts";

/** The nodes of a scope, and of the maps in it. */
export function* nodesOf({ nodes }: GraphScope): Generator<GraphNode, void> {
  for (const node of nodes) {
    yield node;
    if (node.node === "map") yield* nodesOf(node.body);
  }
}
