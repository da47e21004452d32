import type { GraphNode, GraphScope } from "../../core/graph/graph-data.ts";

/** One item of a map, around a node. */
export interface ItemFrame {
  readonly map: string;
  readonly key: string;
  readonly index: number;
  readonly item: unknown;
}

/** The items around a step, outermost first. */
export type Frames = readonly ItemFrame[];

interface Place {
  readonly node: GraphNode;
  /** How many maps it lies in. */
  readonly depth: number;
}

/** Where each node of a graph stands, and what its step is called among certain items. */
export class GraphPlaces {
  readonly #places = new Map<string, Place>();
  readonly #guarded = new Map<string, string[]>();

  readonly #prefix: string;

  /** @param prefix Before the names of steps */
  constructor(graph: GraphScope, prefix: string) {
    this.#prefix = prefix;
    this.#add(graph, 0);
  }

  #add({ nodes }: GraphScope, depth: number): void {
    for (const node of nodes) {
      this.#places.set(node.id, { node, depth });
      if (node.guard !== undefined) {
        const { branch } = node.guard;
        const others = this.#guarded.get(branch);
        if (others === undefined) this.#guarded.set(branch, [node.id]);
        else others.push(node.id);
      }
      if (node.node === "map") this.#add(node.body, depth + 1);
    }
  }

  node(id: string): GraphNode | undefined {
    return this.#places.get(id)?.node;
  }

  /** The node whose step or task has this name; undefined where it is none of this graph. */
  nodeOf(key: string): GraphNode | undefined {
    if (!key.startsWith(this.#prefix)) return undefined;
    const [id = ""] = key.slice(this.#prefix.length).split("[", 1);
    return this.node(id);
  }

  /** `fetch_page[3][LAX]`: with the keys of those items that lie around the node. */
  keyOf(id: string, frames: Frames): string {
    return `${this.#prefix}${id}${this.around(id, frames)
      .map(({ key }) => `[${key}]`)
      .join("")}`;
  }

  /** Of these items those that lie around the node. */
  around(id: string, frames: Frames): Frames {
    const depth = this.#places.get(id)?.depth ?? 0;
    return depth === frames.length ? frames : frames.slice(0, depth);
  }

  /** Ids of the nodes that stand in a branch. */
  guardedBy(branch: string): readonly string[] {
    return this.#guarded.get(branch) ?? [];
  }
}
