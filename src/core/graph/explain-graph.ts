import { unreachable } from "../unreachable.ts";
import type { GraphNode, JobGraph, MapNode, BranchNode, Template } from "./graph-data.ts";
import { outlineOf, type OutlineItem } from "./graph-outline.ts";
import { givenText, templateText } from "./template-text.ts";

/** A graph in words, a line for each step and indented as it was written; the last line is what it gives. */
export function explainGraph(graph: JobGraph): readonly string[] {
  const lines = outlineOf(graph.nodes).flatMap(linesOf);
  return [...(lines.length === 0 ? ["nothing to do"] : lines), ...gives(graph.output)];
}

function linesOf(item: OutlineItem): readonly string[] {
  switch (item.item) {
    case "graph":
      return [`${item.id}  graph`, ...item.inside.flatMap(linesOf).map(indented)];
    case "node":
      return [nodeLine(item.node)];
    case "map":
      return [
        `${item.node.id}  for each of ${templateText(item.node.list)}${mapDetails(item.node)}${order(item.node)}`,
        ...[...item.inside.flatMap(linesOf), ...gives(item.node.body.output)].map(indented),
      ];
    case "branch":
      return [
        `${item.node.id}  by ${templateText(item.node.on)}${order(item.node)}`,
        ...caseLines(item.node, item.cases).map(indented),
      ];
    default:
      return unreachable(item);
  }
}

function caseLines(
  { cases }: BranchNode,
  inside: ReadonlyMap<string, readonly OutlineItem[]>,
): readonly string[] {
  return Object.entries(cases).flatMap(([name, result]) => [
    `${name}:`,
    ...[...(inside.get(name) ?? []).flatMap(linesOf), ...gives(result)].map(indented),
  ]);
}

const indented = (line: string): string => `  ${line}`;

function gives(output: Template): readonly string[] {
  return output.template === "value" && output.value === undefined ? [] : [`gives ${templateText(output)}`];
}

function mapDetails({ concurrency, key }: MapNode): string {
  return `${concurrency === undefined ? "" : `, ${concurrency} at once`}${key === undefined ? "" : ", by a key of their own"}`;
}

function nodeLine(node: Exclude<GraphNode, MapNode | BranchNode>): string {
  return `${node.id}  ${does(node)}${order(node)}`.trimEnd();
}

function does(node: Exclude<GraphNode, MapNode | BranchNode>): string {
  switch (node.node) {
    case "op": {
      const named =
        node.id.replace(/^.*\./, "").replace(/_\d+$/, "") === node.op.name ? "" : `op ${node.op.name} `;
      const config = node.config === undefined ? "" : ` with config ${givenText(node.config)}`;
      return `${named}${givenText(node.input)}${config}`.trim();
    }
    case "first":
      return `the first of ${node.of.map(templateText).join(", ")} that is not skipped`;
    case "else":
      return `${templateText(node.of)}, or ${templateText(node.otherwise)} where that is skipped`;
    case "present":
      return `${templateText(node.of)}, skipped where there is none`;
    case "input":
      return givenText(node.of);
    case "materialize":
      return `makes ${node.selection}${node.partition === undefined ? "" : ` [${templateText(node.partition)}]`}`;
    default:
      return unreachable(node);
  }
}

const joins = { one_success: "when any has succeeded", all_done: "when all are done" } as const;

function order(node: GraphNode): string {
  const after = node.after.length === 0 ? "" : ` after ${node.after.join(", ")}`;
  const join = node.node === "op" && node.triggerRule !== "all_success" ? `, ${joins[node.triggerRule]}` : "";
  return `${after}${join}`;
}
