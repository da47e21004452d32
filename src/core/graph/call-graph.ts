import type { DefinitionSite } from "../definition-site.ts";
import type { MillraceError } from "../errors.ts";
import { isRecord, type OptionRule } from "../option-rules.ts";
import type { AnyObject } from "../schema.ts";
import { callOptions, orderRules, waitedFor } from "./call-order.ts";
import { resultWithin } from "./graph-result.ts";
import { makeRef } from "./recorded-ref.ts";
import { recordTools } from "./record-tools.ts";
import { Recording, type Frame } from "./recording.ts";
import { takeFitting } from "./take-template.ts";

/** A nested graph as data: what `graph` makes. */
export interface GraphDefinition {
  readonly name: string;
  readonly input?: AnyObject;
  readonly config?: AnyObject;
  readonly graph: (context: object) => unknown;
  readonly problems: readonly MillraceError[];
  readonly site: DefinitionSite;
}

interface Given {
  readonly name?: unknown;
  readonly after?: unknown;
  readonly config?: object;
}

const callRules: Readonly<Record<keyof Given, OptionRule>> = {
  ...orderRules,
  config: { wanted: "the graph's config, by name", fits: isRecord },
};

/**
 * A call of a graph in the function of another, or of a job: its nodes are put among those of the caller, with its name
 * before theirs.
 *
 * @returns a ref of what it gives
 * @throws OP_CALLED_OUTSIDE_GRAPH
 */
export function callGraph(
  graph: GraphDefinition,
  input: unknown,
  given: unknown,
  site: DefinitionSite,
): unknown {
  const recording = Recording.atWork(`The graph ${graph.name}`, site);
  for (const problem of graph.problems) {
    if (!recording.problems.includes(problem)) recording.problems.push(problem);
  }
  const { frame } = recording;
  const call = { what: "call of", key: graph.name, site };
  const options = callOptions<Given>(recording, given, callRules, call);
  const id = recording.nameFor(graph.name, options.name, site);
  const what = `The graph ${id}`;
  const circle = circleTo(graph, frame);
  if (circle !== undefined) {
    recording.report("GRAPH_CALLS_ITSELF", { what, circle: circle.join(" → ") }, site);
    return makeRef({ template: { template: "value", value: undefined }, frame });
  }
  const inner: Frame = {
    ...frame,
    kind: "graph",
    what: `the graph ${id}`,
    around: frame,
    prefix: `${id}.`,
    after: [...frame.after, ...waitedFor(recording, options.after, what, site)],
    graph,
  };
  /** What it is given is parsed once, in a node of its own. */
  const taken = (name: "input" | "config", value: unknown, schema: AnyObject | undefined): object => {
    if (schema === undefined) return {};
    const node = recording.within(inner, () => recording.nameFor(name, undefined, site));
    const code = name === "input" ? "OP_INPUT_INVALID" : "OP_CONFIG_INVALID";
    const of = takeFitting(recording, value, schema, code, { what, name, step: node, site });
    return recording.within(inner, () => {
      recording.add({ node: "input", ...recording.base(node, site), graph: graph.name, of, schema });
      return { [name]: makeRef({ template: { template: "ref", node, path: [] }, frame: inner }) };
    });
  };
  const context = {
    ...recordTools(recording),
    ...taken("input", input, graph.input),
    ...taken("config", options.config ?? {}, graph.config),
  };
  const template = resultWithin(recording, inner, () => graph.graph(context), graph.site);
  return makeRef({ template, frame });
}

/** The names on the way from the graph to its own call, where it stands in itself. */
function circleTo(graph: GraphDefinition, at: Frame): readonly string[] | undefined {
  const names = [graph.name];
  for (let frame: Frame | undefined = at; frame !== undefined; frame = frame.around) {
    if (frame.kind !== "graph") continue;
    names.unshift(frame.graph?.name ?? "");
    if (frame.graph === graph) return names;
  }
  return undefined;
}
