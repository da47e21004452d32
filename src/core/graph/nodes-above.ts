import { refsOf } from "./fill-template.ts";
import type { GraphNode, GraphScope } from "./graph-data.ts";
import { nodesOf } from "./graph-nodes.ts";
import { givenTo } from "./node-refs.ts";

/** Ids of all nodes on which it depends whether a node runs: what it is given and waits for, and so on from there. */
export function nodesAbove(graph: GraphScope, id: string): ReadonlySet<string> {
  const above = new Above(graph);
  above.of(id);
  return above.found;
}

class Above {
  readonly found = new Set<string>();
  readonly #nodes: readonly GraphNode[];
  readonly #decided = new Set<GraphNode>();

  constructor(graph: GraphScope) {
    this.#nodes = [...nodesOf(graph)];
  }

  of(id: string): void {
    const node = this.#nodes.find((each) => each.id === id);
    if (node !== undefined) this.#decision(node);
  }

  /** What has to be known before a node begins. */
  #decision(node: GraphNode): void {
    if (this.#decided.has(node)) return;
    this.#decided.add(node);
    for (const { node: id } of givenTo(node).flatMap(refsOf)) this.#end(id);
    for (const id of node.after) this.#end(id);
    if (node.guard !== undefined) this.of(node.guard.branch);
    const map = this.#nodes.find((each) => each.node === "map" && each.body.nodes.includes(node));
    if (map !== undefined) this.#decision(map);
  }

  /** What a node has to come to. Maps and branches have ended once all that stands in them has. */
  #end(id: string): void {
    if (this.found.has(id)) return;
    this.found.add(id);
    this.of(id);
    const node = this.#nodes.find((each) => each.id === id);
    if (node?.node === "map") for (const inner of node.body.nodes) this.#end(inner.id);
    if (node?.node !== "branch") return;
    for (const { id: inner, guard } of this.#nodes) if (guard?.branch === id) this.#end(inner);
    for (const { node: result } of Object.values(node.cases).flatMap(refsOf)) this.#end(result);
  }
}
