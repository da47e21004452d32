import type { ProjectGraph } from "../project/project-graph.ts";
import { attributeNames, attributes, isAttributeName } from "./attributes.ts";
import { possibleKeys, possibleTagValues, possibleValues } from "./possible-terms.ts";
import { unfinishedPart } from "./unfinished-part.ts";

export interface Candidate {
  /** What stands in the text when it is taken. */
  readonly text: string;
  readonly is: "key" | "attribute" | "value" | "function" | "operator";
  /** What it selects; for an attribute. */
  readonly selects?: string;
}

export interface Completion {
  /** The piece of the text that a candidate takes the place of, from 0, the end not included. */
  readonly from: number;
  readonly to: number;
  readonly candidates: readonly Candidate[];
}

/** So many are looked through by a person. */
const mostCandidates = 50;

/**
 * What could stand where the cursor is: keys, attributes, values, functions and operators of this project that contain
 * what is written up to there, those that begin with it first. Any text will do, also one that is no selection yet.
 */
export function completeSelection(text: string, cursor: number, graph: ProjectGraph): Completion {
  const to = Math.max(0, Math.min(cursor, text.length));
  const { from, attribute, tag, follows } = unfinishedPart(text.slice(0, to));
  if (attribute !== undefined && !isAttributeName(attribute)) return { from, to, candidates: [] };
  const values =
    attribute === undefined
      ? undefined
      : tag === undefined
        ? possibleValues(attribute, graph)
        : possibleTagValues(tag, graph);
  const possible: readonly Candidate[] =
    values === undefined ? begun(graph, follows) : [...values].map((value) => ({ text: value, is: "value" }));
  return { from, to, candidates: likeliest(text.slice(from, to), possible) };
}

function begun(graph: ProjectGraph, followsTerm: boolean): readonly Candidate[] {
  const operators = followsTerm ? ["and", "or", "not"] : ["not"];
  return [
    ...possibleKeys(graph).map((key): Candidate => ({ text: key, is: "key" })),
    ...attributeNames.map((name): Candidate => {
      return { text: `${name}:`, is: "attribute", selects: attributes[name].selects };
    }),
    ...["sinks(", "roots("].map((name): Candidate => ({ text: name, is: "function" })),
    ...operators.map((operator): Candidate => ({ text: operator, is: "operator" })),
  ];
}

function likeliest(typed: string, possible: readonly Candidate[]): readonly Candidate[] {
  // A quote that is open already stands in the candidate too, where the candidate needs one.
  const wanted = typed.replace(/^"/, "").toLowerCase();
  const begins: Candidate[] = [];
  const contains: Candidate[] = [];
  for (const candidate of possible) {
    const found = candidate.text.replace(/^"/, "").toLowerCase().indexOf(wanted);
    if (found === 0) begins.push(candidate);
    else if (found > 0) contains.push(candidate);
  }
  return [...begins, ...contains].slice(0, mostCandidates);
}
