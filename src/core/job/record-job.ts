import { DefinitionSite, placesIn } from "../definition-site.ts";
import { MillraceError, reasonOf } from "../errors.ts";
import { callOptions, orderRules, waitedFor } from "../graph/call-order.ts";
import type { JobGraph, GraphScope } from "../graph/graph-data.ts";
import { resultWithin } from "../graph/graph-result.ts";
import { makeRef, refTo } from "../graph/recorded-ref.ts";
import { recordTools } from "../graph/record-tools.ts";
import { Recording, type Frame } from "../graph/recording.ts";
import { takeTemplate } from "../graph/take-template.ts";
import { anything, type OptionRule } from "../option-rules.ts";
import { assetSelection } from "./asset-selection.ts";

/** What a graph function has come to, as far as it came. */
export interface RecordedGraph {
  readonly graph: JobGraph;
  readonly problems: readonly MillraceError[];
}

/** Calls the function of a job, once, and writes down what it calls. Whatever goes wrong in it is among the problems. */
export function recordJob(
  job: {
    readonly name: string;
    readonly graph: (context: object) => unknown;
    readonly config: boolean;
    readonly partition: boolean;
  },
  site: DefinitionSite,
): RecordedGraph {
  const recording = new Recording(job.name);
  const { root: frame } = recording;
  const standIn = (node: string): unknown =>
    makeRef({ template: { template: "ref", node, path: [] }, frame });
  const context = {
    ...recordTools(recording),
    materialize: materializeTool(recording),
    ...(job.config ? { config: standIn("config") } : {}),
    ...(job.partition ? { partition: standIn("partition") } : {}),
  };
  const { problems } = recording;
  let output: GraphScope["output"] = Object.freeze({ template: "value", value: undefined });
  try {
    output = resultWithin(recording, frame, () => job.graph(context), site);
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
    place: { job: frame.recording.job, ...place },
    cause: error,
  });
}

function countOps({ nodes }: Pick<GraphScope, "nodes">): number {
  return nodes.reduce((sum, node) => {
    return sum + (node.node === "op" ? 1 : node.node === "map" ? countOps(node.body) : 0);
  }, 0);
}

interface Given {
  readonly name?: unknown;
  readonly after?: unknown;
  readonly partition?: unknown;
}

const rules: Readonly<Record<keyof Given, OptionRule>> = { ...orderRules, partition: anything };

/** Of jobs alone: what a graph makes anybody may call, wherever it is. */
function materializeTool(recording: Recording): (assets: unknown, given?: unknown) => unknown {
  return function materialize(assets, given) {
    const site = DefinitionSite.above(materialize);
    recording.mustBeAtWork("materialize", site);
    const options = callOptions<Given>(recording, given, rules, {
      what: "call of",
      key: "materialize",
      site,
    });
    const id = recording.nameFor("materialize", options.name, site);
    const map = mapAround(recording.frame);
    if (map !== undefined) recording.report("MATERIALIZE_IN_MAP", { map: map.what }, site);
    const selected = assetSelection(assets, (reason) => {
      recording.report("INVALID_OPTION", { what: "step", key: id, reason }, site);
    });
    recording.add({
      node: "materialize",
      ...recording.base(id, site, waitedFor(recording, options.after, id, site)),
      ...selected,
      ...(options.partition === undefined
        ? {}
        : { partition: takeTemplate(recording, options.partition, { what: id, name: "partition", site }) }),
    });
    return refTo(id, recording.frame);
  };
}

function mapAround(at: Frame): Frame | undefined {
  for (let frame: Frame | undefined = at; frame !== undefined; frame = frame.around) {
    if (frame.kind === "map") return frame;
  }
  return undefined;
}
