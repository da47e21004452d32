import type { ProjectGraph } from "../project/project-graph.ts";
import { attributeNames, attributes, type AttributeName, type SelectionNode } from "./attributes.ts";
import { printKey, printValue } from "./print-selection.ts";

/** Everything that a selection over a project can choose from. */
export function selectionNodes(graph: ProjectGraph): readonly SelectionNode[] {
  return [...graph.order, ...graph.endpoints];
}

/** What an attribute can be asked for in this project, as it is written after its colon. */
export function possibleValues(attribute: AttributeName, graph: ProjectGraph): ReadonlySet<string> {
  const { oneOf, of } = attributes[attribute];
  const texts = oneOf ?? selectionNodes(graph).flatMap((node) => [...of(node, {})].map(([text]) => text));
  return new Set(texts.map((text) => printValue([text])));
}

/** The values that a tag has somewhere in this project, as they are written after `=`. */
export function possibleTagValues(tag: string, graph: ProjectGraph): ReadonlySet<string> {
  const values = graph.order.flatMap(({ tags }) => (Object.hasOwn(tags, tag) ? [tags[tag] ?? ""] : []));
  return new Set(values.map((value) => printValue([value])));
}

export function possibleKeys(graph: ProjectGraph): readonly string[] {
  return graph.order.map(({ key }) => printKey([key]));
}

/** Every term that matches something: keys as they are, the other attributes with their names. */
export function possibleTerms(graph: ProjectGraph): readonly string[] {
  const named = attributeNames
    .filter((attribute) => attribute !== "key")
    .flatMap((attribute) => [...possibleValues(attribute, graph)].map((value) => `${attribute}:${value}`));
  return [...possibleKeys(graph), ...named];
}
