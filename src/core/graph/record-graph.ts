import { placesIn, type DefinitionSite } from "../definition-site.ts";
import { MillraceError, reasonOf } from "../errors.ts";
import type { GraphScope, JobGraph } from "./graph-data.ts";
import { resultWithin } from "./graph-result.ts";
import { recordTools } from "./record-tools.ts";
import { makeRef } from "./recorded-ref.ts";
import { Recording, type Frame, type GraphOwner } from "./recording.ts";

/** What a graph function has come to, as far as it came. */
export interface RecordedGraph {
  readonly graph: JobGraph;
  readonly problems: readonly MillraceError[];
}

/** A graph function, and what it is given besides the tools of all of them. */
export interface GraphFunction {
  readonly owner: GraphOwner;
  readonly graph: (context: object) => unknown;
  readonly config: boolean;
  readonly partition: boolean;
  readonly tools?: (recording: Recording) => object;
}

/** Calls a graph function, once, and writes down what it calls. Whatever goes wrong in it is among the problems. */
export function recordGraph(
  { owner, graph, config, partition, tools = () => ({}) }: GraphFunction,
  site: DefinitionSite,
): RecordedGraph {
  const recording = new Recording(owner);
  const { root: frame } = recording;
  const standIn = (node: string): unknown =>
    makeRef({ template: { template: "ref", node, path: [] }, frame });
  const context = {
    ...recordTools(recording),
    ...tools(recording),
    ...(config ? { config: standIn("config") } : {}),
    ...(partition ? { partition: standIn("partition") } : {}),
  };
  const { problems } = recording;
  let output: GraphScope["output"] = Object.freeze({ template: "value", value: undefined });
  try {
    output = resultWithin(recording, frame, () => graph(context), site);
  } catch (error) {
    if (!problems.some((problem) => problem === error)) problems.push(functionFailed(frame, error, site));
  }
  const nodes = Object.freeze(frame.nodes);
  return { graph: Object.freeze({ nodes, output, ops: countOps({ nodes }) }), problems };
}

function functionFailed(frame: Frame, error: unknown, site: DefinitionSite): MillraceError {
  // A mistake of ours says better than any stack where it was made.
  if (error instanceof MillraceError && error.place.line !== undefined) return error;
  const stack = error instanceof Error ? placesIn(error.stack ?? "") : [];
  const place = stack.find(({ file }) => file !== undefined && /^(\/|[a-z]:[\\/])/i.test(file)) ?? site.place;
  const details = { what: frame.what, reason: reasonOf(error) };
  return new MillraceError("GRAPH_FUNCTION_FAILED", details, {
    place: { ...frame.recording.owner.place, ...place },
    cause: error,
  });
}

function countOps({ nodes }: Pick<GraphScope, "nodes">): number {
  return nodes.reduce((sum, node) => {
    return sum + (node.node === "op" ? 1 : node.node === "map" ? countOps(node.body) : 0);
  }, 0);
}
