import type { AssetDefinition } from "../core/asset/asset-definition.ts";
import type { GraphNode, GraphScope } from "../core/graph/graph-data.ts";
import type { OpDefinition } from "../core/op/op-definition.ts";

/** What stands in a test for what a graph names. */
export interface GraphStandIns {
  readonly asset: (asset: AssetDefinition) => AssetDefinition;
  readonly op: (op: OpDefinition) => OpDefinition;
}

/** The same graph, of what stands in for its ops and assets. */
export function standInGraph<G extends GraphScope>(graph: G, by: GraphStandIns): G {
  return Object.freeze({ ...graph, nodes: Object.freeze(graph.nodes.map((node) => standInNode(node, by))) });
}

function standInNode(node: GraphNode, by: GraphStandIns): GraphNode {
  switch (node.node) {
    case "op":
      return Object.freeze({ ...node, op: by.op(node.op) });
    case "map":
      return Object.freeze({ ...node, body: standInGraph(node.body, by) });
    case "materialize":
      return Object.freeze({ ...node, assets: node.assets.map(by.asset) });
    default:
      return node;
  }
}
