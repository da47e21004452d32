import { serialize } from "../serial/serialize.ts";
import { unreachable } from "../unreachable.ts";
import type { GraphNode, JobGraph, Template } from "./graph-data.ts";
import { outlineOf, type OutlineItem } from "./graph-outline.ts";

/** A step of a graph as plain JSON: what `--json` prints and a page draws. */
export interface DescribedStep {
  readonly id: string;
  readonly kind: GraphNode["node"] | "graph";
  readonly [fact: string]: unknown;
}

export interface DescribedGraph {
  readonly ops: number;
  readonly steps: readonly DescribedStep[];
  /** What it gives. A ref is `{ "$": "ref", "node": …, "path": […] }`, and values are as they are kept elsewhere. */
  readonly gives: unknown;
}

/** A graph as plain JSON, in which maps, branches and nested graphs hold their steps. */
export function describeGraph(graph: JobGraph): DescribedGraph {
  return { ops: graph.ops, steps: stepsOf(outlineOf(graph.nodes)), gives: templateJson(graph.output) };
}

function stepsOf(items: readonly OutlineItem[]): readonly DescribedStep[] {
  return items.map((item): DescribedStep => {
    switch (item.item) {
      case "graph":
        return { id: item.id, kind: "graph", steps: stepsOf(item.inside) };
      case "map": {
        const { list, concurrency, key, body } = item.node;
        return {
          ...base(item.node),
          over: templateJson(list),
          ...(concurrency === undefined ? {} : { concurrency }),
          keyed: key !== undefined,
          steps: stepsOf(item.inside),
          gives: templateJson(body.output),
        };
      }
      case "branch": {
        const cases = Object.entries(item.node.cases).map(([name, result]) => {
          const steps = stepsOf(item.cases.get(name) ?? []);
          return [name, { steps, gives: templateJson(result) }] as const;
        });
        return { ...base(item.node), on: templateJson(item.node.on), cases: Object.fromEntries(cases) };
      }
      case "node":
        return { ...base(item.node), ...factsOf(item.node) };
      default:
        return unreachable(item);
    }
  });
}

function base({ id, node, after, site }: GraphNode): DescribedStep {
  return {
    id,
    kind: node,
    ...(after.length === 0 ? {} : { after }),
    ...(site === undefined ? {} : site.place),
  };
}

function factsOf(node: Extract<OutlineItem, { item: "node" }>["node"]): object {
  switch (node.node) {
    case "op":
      return {
        op: node.op.name,
        ...(node.op.description === undefined ? {} : { description: node.op.description }),
        input: templateJson(node.input),
        triggerRule: node.triggerRule,
        ...(node.config === undefined ? {} : { config: templateJson(node.config) }),
      };
    case "first":
      return { of: node.of.map(templateJson) };
    case "else":
      return { of: templateJson(node.of), otherwise: templateJson(node.otherwise) };
    case "present":
      return { of: templateJson(node.of) };
    case "input":
      return { of: templateJson(node.of) };
    case "materialize":
      return {
        selection: node.selection,
        ...(node.partition === undefined ? {} : { partition: templateJson(node.partition) }),
      };
    default:
      return unreachable(node);
  }
}

function templateJson(template: Template): unknown {
  switch (template.template) {
    case "value":
      return JSON.parse(serialize(template.value));
    case "ref":
      return { $: "ref", node: template.node, path: template.path };
    case "list":
      return template.items.map(templateJson);
    case "record": {
      const fields = Object.entries(template.fields).map(
        ([name, field]) => [name, templateJson(field)] as const,
      );
      // As the values' own notation has it: a record with a field named $ must not pass for a sign.
      return Object.hasOwn(template.fields, "$") ? { $: "object", v: fields } : Object.fromEntries(fields);
    }
    default:
      return unreachable(template);
  }
}
