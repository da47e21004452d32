import { refsOf } from "./fill-template.ts";
import type { GraphNode, GraphScope, JobGraph, Template } from "./graph-data.ts";
import { nodesOf } from "./graph-nodes.ts";
import { givenTo } from "./node-refs.ts";

/** Some steps of a graph, and whatever decides about them: its branches, its lists. */
export interface PartOfGraph {
  /** The rest is left out. It gives nothing: what the whole graph gives may need that rest. */
  readonly graph: JobGraph;
  /** Ids of op nodes in it that are not to run: what they gave is taken from elsewhere. */
  readonly given: ReadonlySet<string>;
}

/** What of a graph can be named: its steps, its maps and the graphs in it, each for all steps within. */
export function namesInGraph(graph: GraphScope): ReadonlyMap<string, ReadonlySet<string>> {
  const names = new Map<string, Set<string>>();
  const add = (name: string, step: string): void => {
    const steps = names.get(name);
    if (steps === undefined) names.set(name, new Set([step]));
    else steps.add(step);
  };
  const walk = ({ nodes }: GraphScope, maps: readonly string[]): void => {
    for (const node of nodes) {
      if (node.node === "map") walk(node.body, [...maps, node.id]);
      if (node.node !== "op" && node.node !== "materialize") continue;
      const parts = node.id.split(".");
      const graphs = parts.slice(1).map((_, index) => parts.slice(0, index + 1).join("."));
      for (const name of [node.id, ...graphs, ...maps]) add(name, node.id);
    }
  };
  walk(graph, []);
  return names;
}

/**
 * Cuts a graph down to some of its steps. What they are given by others is not made again; what these waited for without
 * being given it is passed over.
 *
 * @param steps Ids of ops and materializations
 */
export function partOfGraph(graph: JobGraph, steps: ReadonlySet<string>): PartOfGraph {
  const needs = new Needs(graph, steps);
  for (const step of steps) needs.step(step);
  const scope = needs.cut(graph);
  const output: Template = Object.freeze({ template: "value", value: undefined });
  const kept = [...nodesOf(scope)].filter(({ node }) => node === "op");
  return { graph: Object.freeze({ nodes: scope.nodes, output, ops: kept.length }), given: needs.given };
}

class Needs {
  readonly given = new Set<string>();
  readonly #steps: ReadonlySet<string>;
  readonly #nodes: ReadonlyMap<string, GraphNode>;
  /** Of nodes in the body of a map: the map. */
  readonly #around: ReadonlyMap<string, string>;
  readonly #kept = new Set<string>();
  /** Whose value somebody needs: of maps and branches that is more than to stand around a step. */
  readonly #valued = new Set<string>();

  constructor(graph: GraphScope, steps: ReadonlySet<string>) {
    this.#steps = steps;
    const nodes = [...nodesOf(graph)];
    this.#nodes = new Map(nodes.map((node) => [node.id, node]));
    this.#around = new Map(
      nodes.flatMap((map) =>
        map.node === "map" ? map.body.nodes.map(({ id }) => [id, map.id] as const) : [],
      ),
    );
  }

  /** A step that is to run. */
  step(id: string): void {
    const node = this.#nodes.get(id);
    if (node === undefined) return;
    this.#keep(node);
  }

  /** The scope without what nobody needs. */
  cut({ nodes, output }: GraphScope): GraphScope {
    const kept = nodes
      .filter(({ id }) => this.#kept.has(id))
      .map((node): GraphNode => {
        const after = node.after.filter((id) => this.#kept.has(id) && !this.given.has(id));
        return Object.freeze(
          node.node === "map" ? { ...node, after, body: this.cut(node.body) } : { ...node, after },
        );
      });
    return Object.freeze({ nodes: Object.freeze(kept), output });
  }

  /** A node stays, with what decides whether and for which items it runs, and what it is given. */
  #keep(node: GraphNode): void {
    if (this.#kept.has(node.id)) return;
    this.#kept.add(node.id);
    const map = this.#nodes.get(this.#around.get(node.id) ?? "");
    if (map !== undefined) this.#keep(map);
    if (this.#isGiven(node)) {
      this.given.add(node.id);
      return;
    }
    const branch = this.#nodes.get(node.guard?.branch ?? "");
    if (branch !== undefined) this.#keep(branch);
    for (const template of givenTo(node)) this.#value(template);
  }

  /** All that a value is put together from. */
  #value(template: Template): void {
    for (const { node: id } of refsOf(template)) {
      const node = this.#nodes.get(id);
      if (node === undefined || this.#valued.has(id)) continue;
      // It gives nothing but that it is done.
      if (node.node === "materialize" && !this.#steps.has(id)) continue;
      this.#valued.add(id);
      this.#keep(node);
      if (node.node === "map") this.#value(node.body.output);
      if (node.node === "branch") for (const result of Object.values(node.cases)) this.#value(result);
    }
  }

  #isGiven({ node, id }: GraphNode): boolean {
    return node === "op" && !this.#steps.has(id);
  }
}
