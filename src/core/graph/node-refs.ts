import { refsOf } from "./fill-template.ts";
import { givenIds, type GraphNode, type Template } from "./graph-data.ts";
import { unreachable } from "../unreachable.ts";

/** What a node is decided by or given, its branches and the bodies of its map left out. */
export function givenTo(node: GraphNode): readonly Template[] {
  switch (node.node) {
    case "op":
      return node.config === undefined ? [node.input] : [node.input, node.config];
    case "map":
      return [node.list];
    case "branch":
      return [node.on];
    case "first":
      return node.of;
    case "else":
      return [node.of, node.otherwise];
    case "present":
    case "input":
      return [node.of];
    case "materialize":
      return node.partition === undefined ? [] : [node.partition];
    default:
      return unreachable(node);
  }
}

const given: ReadonlySet<string> = new Set(givenIds);

/** Ids of the nodes in these, once each. What the run is given, and items, are there already. */
export function nodesIn(templates: readonly Template[], isNode: (id: string) => boolean): readonly string[] {
  const ids = templates.flatMap(refsOf).map(({ node }) => node);
  return [...new Set(ids)].filter((id) => !given.has(id) && isNode(id));
}
