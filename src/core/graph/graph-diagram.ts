import { mermaidLabel } from "../mermaid-label.ts";
import { unreachable } from "../unreachable.ts";
import { givenIds, type BranchNode, type GraphNode, type JobGraph, type Template } from "./graph-data.ts";
import { refsOf } from "./fill-template.ts";
import { nodesOf } from "./graph-nodes.ts";
import { outlineOf, type OutlineItem } from "./graph-outline.ts";
import { givenTo } from "./node-refs.ts";
import { templateText } from "./template-text.ts";

/**
 * A graph as a Mermaid flowchart: maps, nested graphs and the cases of branches are boxes around their steps. What is
 * given flows along an arrow; a dotted one is order alone. A line each.
 *
 * @see https://mermaid.js.org/syntax/flowchart.html
 */
export function graphDiagram(graph: JobGraph): readonly string[] {
  return new GraphDiagram(graph).lines();
}

class GraphDiagram {
  readonly #graph: JobGraph;
  /** Their names in the flowchart. */
  readonly #names = new Map<string, string>();
  readonly #nodes: ReadonlyMap<string, GraphNode>;

  constructor(graph: JobGraph) {
    this.#graph = graph;
    this.#nodes = new Map([...nodesOf(graph)].map((node) => [node.id, node]));
  }

  lines(): readonly string[] {
    const boxes = outlineOf(this.#graph.nodes).flatMap((item) => this.#box(item));
    const edges = [...this.#nodes.values()].flatMap((node) => this.#edgesTo(node));
    const results = this.#sources(this.#graph.output).map((from) => `${from} --> ${this.#name("result")}`);
    const fromRun = givenIds.filter((id) => this.#names.has(id)).map((id) => `${this.#name(id)}(["${id}"])`);
    const result = results.length === 0 ? [] : [`${this.#name("result")}(["result"])`];
    return [
      "flowchart LR",
      ...[...fromRun, ...boxes, ...result, ...new Set([...edges, ...results])].map(indented),
    ];
  }

  #box(item: OutlineItem): readonly string[] {
    switch (item.item) {
      case "node":
        return [this.#step(item.node)];
      case "graph":
        return this.#around(item.id, item.id, item.inside);
      case "map": {
        const over = `${item.node.id}: for each of ${templateText(item.node.list)}`;
        const inside = this.#around(item.node.id, over, item.inside);
        return item.inside.length === 0 ? [`${this.#name(item.node.id)}[["${mermaidLabel(over)}"]]`] : inside;
      }
      case "branch":
        return [
          `${this.#name(item.node.id)}{"${mermaidLabel(`${item.node.id}: ${templateText(item.node.on)}`)}"}`,
          ...[...item.cases].flatMap(([name, inside]) =>
            inside.length === 0 ? [] : this.#around(caseId(item.node.id, name), name, inside),
          ),
        ];
      default:
        return unreachable(item);
    }
  }

  #around(id: string, title: string, inside: readonly OutlineItem[]): readonly string[] {
    return [
      `subgraph ${this.#name(id)}["${mermaidLabel(title)}"]`,
      ...inside.flatMap((item) => this.#box(item)).map(indented),
      "end",
    ];
  }

  #step(node: Extract<OutlineItem, { item: "node" }>["node"]): string {
    const name = this.#name(node.id);
    const label = mermaidLabel(node.id);
    if (node.node === "op") return `${name}["${label}"]`;
    if (node.node === "input") return `${name}[/"${label}"/]`;
    if (node.node === "materialize") return `${name}[("${label}: ${mermaidLabel(node.selection)}")]`;
    return `${name}(["${label}"])`;
  }

  #edgesTo(node: GraphNode): readonly string[] {
    const to = this.#name(node.id);
    const flow = givenTo(node).flatMap((template) => this.#sources(template));
    const order = node.after.map((id) => `${this.#name(id)} -.-> ${to}`);
    return [
      ...flow.map((from) => `${from} --> ${to}`),
      ...order,
      ...(node.node === "branch" ? this.#casesOf(node) : []),
    ];
  }

  /** From a decision to the boxes of its cases. */
  #casesOf({ id, cases }: BranchNode): readonly string[] {
    return Object.keys(cases).flatMap((name) => {
      const box = this.#names.get(caseId(id, name));
      return box === undefined ? [] : [`${this.#name(id)} --> ${box}`];
    });
  }

  /** Where a value comes from. Of a branch that is where the results of its cases come from, or the decision itself. */
  #sources(template: Template): readonly string[] {
    return [...new Set(refsOf(template).map(({ node }) => node))].flatMap((id): readonly string[] => {
      const node = this.#nodes.get(id);
      // What a map gives to its steps is seen by their standing in it.
      if (node === undefined && !given.has(id)) return [];
      if (node?.node !== "branch") return [this.#name(id)];
      const results = Object.values(node.cases).map((result) => this.#sources(result));
      return [...results.flat(), ...(results.some(({ length }) => length === 0) ? [this.#name(id)] : [])];
    });
  }

  #name(id: string): string {
    const known = this.#names.get(id) ?? `n${this.#names.size}`;
    this.#names.set(id, known);
    return known;
  }
}

const given: ReadonlySet<string> = new Set(givenIds);

const indented = (line: string): string => `  ${line}`;

/** No id of a node: those have no blanks. */
const caseId = (branch: string, name: string): string => `${branch} ${name}`;
