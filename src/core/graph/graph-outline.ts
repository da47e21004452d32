import type { BranchNode, GraphNode, MapNode } from "./graph-data.ts";

/** A scope as its author wrote it: branches and nested graphs hold again what was called in them. */
export type OutlineItem =
  | { readonly item: "node"; readonly node: Exclude<GraphNode, MapNode | BranchNode> }
  | { readonly item: "map"; readonly node: MapNode; readonly inside: readonly OutlineItem[] }
  | {
      readonly item: "branch";
      readonly node: BranchNode;
      /** By the names of the cases. */
      readonly cases: ReadonlyMap<string, readonly OutlineItem[]>;
    }
  | { readonly item: "graph"; readonly id: string; readonly inside: readonly OutlineItem[] };

/** How many graphs it stands in: a dot for each. */
const depthOf = (id: string): number => id.split(".").length - 1;

/**
 * Puts the nodes of a scope where they were called.
 *
 * @param depth how many graphs are around the scope
 */
export function outlineOf(nodes: readonly GraphNode[], depth = 0): readonly OutlineItem[] {
  const top: OutlineItem[] = [];
  const cases = new Map<string, Map<string, OutlineItem[]>>();
  const graphs = new Map<OutlineItem[], Map<string, OutlineItem[]>>();
  for (const node of nodes) {
    // A guard stands where its branch does; the graphs from there on are opened within.
    const guarded = node.guard && cases.get(node.guard.branch)?.get(node.guard.case);
    let list = guarded ?? top;
    const segments = node.id.split(".");
    const from = node.guard === undefined ? depth : depthOf(node.guard.branch);
    for (let at = from + 1; at < segments.length; at += 1) {
      list = graphIn(list, segments.slice(0, at).join("."), graphs);
    }
    list.push(itemOf(node, cases));
  }
  return top;
}

function graphIn(
  list: OutlineItem[],
  id: string,
  graphs: Map<OutlineItem[], Map<string, OutlineItem[]>>,
): OutlineItem[] {
  const known = graphs.get(list) ?? new Map<string, OutlineItem[]>();
  graphs.set(list, known);
  let inside = known.get(id);
  if (inside === undefined) {
    known.set(id, (inside = []));
    list.push({ item: "graph", id, inside });
  }
  return inside;
}

function itemOf(node: GraphNode, cases: Map<string, Map<string, OutlineItem[]>>): OutlineItem {
  if (node.node === "map") return { item: "map", node, inside: outlineOf(node.body.nodes, depthOf(node.id)) };
  if (node.node !== "branch") return { item: "node", node };
  const own = new Map(Object.keys(node.cases).map((name) => [name, []]));
  cases.set(node.id, own);
  return { item: "branch", node, cases: own };
}
