import type { AssetBody, Computation } from "../core/asset/computation.ts";
import { isSkipped } from "../core/asset/skip.ts";
import type { JobGraph, Template } from "../core/graph/graph-data.ts";
import { isRecord } from "../core/option-rules.ts";
import { standInGraph, type GraphStandIns } from "./stand-in-graph.ts";

/**
 * The same code, of what stands in for its ops. Code of several outputs still gives those that the test gives; they are
 * left lying.
 *
 * @param cut Names of the outputs that the test gives
 */
export function standInBody(
  { body, outputs }: Pick<Computation, "body" | "outputs">,
  cut: ReadonlySet<string>,
  by: GraphStandIns,
): AssetBody {
  if (body.body === "run" && cut.size > 0) {
    return {
      body: "run",
      async run(handles, context) {
        const result = await body.run(handles, context);
        return isRecord(result) && !isSkipped(result) ? withoutKeys(result, cut) : result;
      },
    };
  }
  if (body.body !== "graph") return body;
  const kept = outputs.map(({ name }) => name).filter((name) => !cut.has(name));
  const build = (): JobGraph => {
    const graph = standInGraph(body.graph(), by);
    return cut.size === 0
      ? graph
      : Object.freeze({ ...graph, output: withoutFields(graph.output, cut, kept) });
  };
  let built: JobGraph | undefined;
  return { ...body, graph: () => (built ??= build()) };
}

function withoutFields(output: Template, cut: ReadonlySet<string>, kept: readonly string[]): Template {
  if (output.template === "record") return { ...output, fields: withoutKeys(output.fields, cut) };
  if (output.template !== "ref") return output;
  const { node, path } = output;
  const refs = kept.map((name) => [name, { template: "ref", node, path: [...path, name] }] as const);
  return { template: "record", fields: Object.fromEntries(refs) };
}

function withoutKeys<T>(record: Readonly<Record<string, T>>, cut: ReadonlySet<string>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !cut.has(name)));
}
