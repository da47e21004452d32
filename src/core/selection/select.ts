import type { AssetDefinition } from "../asset/asset-definition.ts";
import { MillraceError } from "../errors.ts";
import type { ProjectGraph } from "../project/project-graph.ts";
import { unreachable } from "../unreachable.ts";
import { suggest } from "../suggest.ts";
import {
  attributes,
  isEndpointNode,
  type AttributeName,
  type SelectionFacts,
  type SelectionNode,
} from "./attributes.ts";
import { fitsPattern, literalOf } from "./pattern.ts";
import { parseSelection } from "./parse-selection.ts";
import { possibleTerms, selectionNodes } from "./possible-terms.ts";
import { printSelection } from "./print-selection.ts";
import { excerpt } from "./selection-error.ts";
import type { Levels, Match, ParsedSelection, Selection } from "./selection-tree.ts";

/** What a selection chose. */
export interface Selected {
  /** Upstream before downstream. */
  readonly assets: readonly AssetDefinition[];
  readonly endpoints: ProjectGraph["endpoints"];
}

/**
 * What a text selects by what the definitions alone say.
 *
 * @throws SELECTION_INVALID, SELECTION_EMPTY
 */
export function select(text: string, graph: ProjectGraph): readonly AssetDefinition[] {
  return evaluateSelection(parseSelection(text), graph, {}).assets;
}

/** Terms that can be told only with a fact. */
export function termsAskingFor(tree: Selection, fact: keyof SelectionFacts): readonly Match[] {
  return termsOf(tree).filter(({ attribute }) => attributes[attribute].fact === fact);
}

function termsOf(tree: Selection): readonly Match[] {
  switch (tree.op) {
    case "match":
      return [tree];
    case "or":
    case "and":
      return tree.of.flatMap(termsOf);
    default:
      return termsOf(tree.of);
  }
}

/**
 * What a selection chooses. A term that matches nothing is an error wherever it stands, for an exclusion that is
 * misspelt would choose too much; only of terms about what holds now (`status:stale`) that is an answer.
 *
 * @throws SELECTION_EMPTY
 */
export function evaluateSelection(
  parsed: ParsedSelection,
  graph: ProjectGraph,
  facts: SelectionFacts,
): Selected {
  const chosen = new Evaluation(parsed, graph, facts).of(parsed.tree);
  if (
    chosen.size === 0 &&
    termsOf(parsed.tree).every(({ attribute }) => attributes[attribute].fact === undefined)
  ) {
    throw new MillraceError("SELECTION_EMPTY", { selection: excerpt(parsed.text.trim(), 0).text });
  }
  return {
    assets: graph.order.filter((asset) => chosen.has(asset)),
    endpoints: graph.endpoints.filter((endpoint) => chosen.has(endpoint)),
  };
}

interface Having {
  readonly node: SelectionNode;
  /** The value, of a tag. */
  readonly paired: string;
}

class Evaluation {
  readonly #text: string;
  readonly #graph: ProjectGraph;
  readonly #facts: SelectionFacts;
  readonly #indexes = new Map<AttributeName, ReadonlyMap<string, readonly Having[]>>();
  readonly #matches = new Map<string, ReadonlySet<SelectionNode>>();

  constructor({ text }: ParsedSelection, graph: ProjectGraph, facts: SelectionFacts) {
    this.#text = text;
    this.#graph = graph;
    this.#facts = facts;
  }

  of(tree: Selection): ReadonlySet<SelectionNode> {
    switch (tree.op) {
      case "match":
        return this.#match(tree);
      case "or":
        return this.#union(tree.of);
      case "and": {
        const [first, ...others] = tree.of.map((part) => this.of(part));
        return new Set([...(first ?? [])].filter((node) => others.every((other) => other.has(node))));
      }
      case "not": {
        const left = this.of(tree.of);
        return new Set(selectionNodes(this.#graph).filter((node) => !left.has(node)));
      }
      case "reach":
        return this.#reach(this.of(tree.of), tree.up, tree.down);
      case "sinks":
      case "roots": {
        const set = this.of(tree.of);
        // An endpoint is no reader that would make an asset less of a sink: it passes nothing on.
        const next = (node: SelectionNode): readonly SelectionNode[] =>
          tree.op === "roots"
            ? this.#upstream(node)
            : this.#downstream(node).filter((one) => !isEndpointNode(one));
        return new Set([...set].filter((node) => !next(node).some((other) => set.has(other))));
      }
      default:
        return unreachable(tree);
    }
  }

  /** Terms with the same plus are followed together, so that a thousand of them cost one way through the graph. */
  #union(parts: readonly Selection[]): ReadonlySet<SelectionNode> {
    const all = new Set<SelectionNode>();
    const alike = Map.groupBy(parts, (part) =>
      part.op === "reach" ? `${String(part.up)} ${String(part.down)}` : "",
    );
    for (const group of alike.values()) {
      const from = new Set<SelectionNode>();
      for (const part of group) {
        for (const node of this.of(part.op === "reach" ? part.of : part)) from.add(node);
      }
      const [first] = group;
      const reached = first?.op === "reach" ? this.#reach(from, first.up, first.down) : from;
      for (const node of reached) all.add(node);
    }
    return all;
  }

  #match(term: Match): ReadonlySet<SelectionNode> {
    const written = printSelection(term);
    const known = this.#matches.get(written);
    if (known !== undefined) return known;
    const found = this.#find(term);
    const { fact } = attributes[term.attribute];
    if (found.size === 0 && fact === undefined) {
      throw nothingMatches(written, this.#text, term.at, this.#graph);
    }
    this.#matches.set(written, found);
    return found;
  }

  #find({ attribute, pattern, value }: Match): ReadonlySet<SelectionNode> {
    const index = this.#indexOf(attribute);
    const literal = literalOf(pattern);
    const groups =
      literal === undefined
        ? [...index].flatMap(([text, having]) => (fitsPattern(text, pattern) ? [having] : []))
        : [index.get(literal) ?? []];
    const found = new Set<SelectionNode>();
    for (const having of groups) {
      for (const { node, paired } of having) {
        if (value === undefined || fitsPattern(paired, value)) found.add(node);
      }
    }
    return found;
  }

  /** What has each text of an attribute: a term is compared with every text once, however many have it. */
  #indexOf(attribute: AttributeName): ReadonlyMap<string, readonly Having[]> {
    const known = this.#indexes.get(attribute);
    if (known !== undefined) return known;
    const index = new Map<string, Having[]>();
    for (const node of selectionNodes(this.#graph)) {
      for (const [text, paired = ""] of attributes[attribute].of(node, this.#facts)) {
        const having = index.get(text);
        if (having === undefined) index.set(text, [{ node, paired }]);
        else having.push({ node, paired });
      }
    }
    this.#indexes.set(attribute, index);
    return index;
  }

  #reach(
    from: ReadonlySet<SelectionNode>,
    up: Levels | undefined,
    down: Levels | undefined,
  ): ReadonlySet<SelectionNode> {
    const all = new Set(from);
    if (up !== undefined) spread(all, from, up, (node) => this.#upstream(node));
    if (down !== undefined) spread(all, from, down, (node) => this.#downstream(node));
    return all;
  }

  #upstream(node: SelectionNode): readonly SelectionNode[] {
    return isEndpointNode(node) ? [...node.reads.values()] : this.#graph.upstreamOf(node);
  }

  #downstream(node: SelectionNode): readonly SelectionNode[] {
    if (isEndpointNode(node)) return [];
    return [...this.#graph.downstreamOf(node), ...this.#graph.endpointsOver(node)];
  }
}

function spread(
  into: Set<SelectionNode>,
  from: ReadonlySet<SelectionNode>,
  levels: Levels,
  neighbours: (node: SelectionNode) => readonly SelectionNode[],
): void {
  const depth = levels === "all" ? Number.POSITIVE_INFINITY : levels;
  const reached = new Set(from);
  let edge = [...from];
  for (let level = 0; level < depth && edge.length > 0; level += 1) {
    const next: SelectionNode[] = [];
    for (const node of edge) {
      for (const neighbour of neighbours(node)) {
        if (reached.has(neighbour)) continue;
        reached.add(neighbour);
        into.add(neighbour);
        next.push(neighbour);
      }
    }
    edge = next;
  }
}

/** A slip is a few letters; nobody is told what a text of this length may have been meant as. */
const longestSlip = 100;

function nothingMatches(written: string, text: string, at: number, graph: ProjectGraph): MillraceError {
  const suggestions = written.length > longestSlip ? [] : suggest(written, possibleTerms(graph));
  return new MillraceError(
    "SELECTION_EMPTY",
    { selection: excerpt(written, 0).text },
    // A selection that is nothing but the term needs no mark in it.
    { place: text.trim() === written ? {} : { selection: { text, position: at + 1 } }, suggestions },
  );
}
