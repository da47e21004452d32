import { unreachable } from "../unreachable.ts";
import type { Template } from "./graph-data.ts";

/** A part of what a node has come to. */
export type RefTemplate = Extract<Template, { readonly template: "ref" }>;

/** Stands for what was skipped, or failed: there is no value. */
export const absent = Symbol("absent");

/** Every ref in a structure, in order. */
export function refsOf(template: Template): readonly RefTemplate[] {
  switch (template.template) {
    case "value":
      return [];
    case "ref":
      return [template];
    case "list":
      return template.items.flatMap(refsOf);
    case "record":
      return Object.values(template.fields).flatMap(refsOf);
    default:
      return unreachable(template);
  }
}

/**
 * The structure with values in place of its refs. What is absent is left out of lists, and `undefined` elsewhere.
 *
 * @param valueOf What a node has come to, or `absent`
 */
export function fillTemplate(template: Template, valueOf: (node: string) => unknown): unknown {
  const filled = fill(template, valueOf);
  return filled === absent ? undefined : filled;
}

function fill(template: Template, valueOf: (node: string) => unknown): unknown {
  switch (template.template) {
    case "value":
      return template.value;
    case "ref":
      return partOf(valueOf(template.node), template.path);
    case "list":
      return template.items.map((item) => fill(item, valueOf)).filter((item) => item !== absent);
    case "record":
      return Object.fromEntries(
        Object.entries(template.fields).map(([name, field]) => [name, fillTemplate(field, valueOf)]),
      );
    default:
      return unreachable(template);
  }
}

/** Fields of what is not there are not there: an optional output may have been left out. */
function partOf(value: unknown, path: readonly string[]): unknown {
  let at = value;
  for (const name of path) {
    if (at === absent || typeof at !== "object" || at === null) return at === absent ? absent : undefined;
    at = Object.hasOwn(at, name) ? (at as Readonly<Record<string, unknown>>)[name] : undefined;
  }
  return at;
}
