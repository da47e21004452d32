import type { JobOutline } from "../../control/jobs/outline-job.ts";
import { describeGraph } from "../../core/graph/describe-graph.ts";
import { explainGraph } from "../../core/graph/explain-graph.ts";
import { graphDiagram } from "../../core/graph/graph-diagram.ts";
import { mermaidLabel } from "../../core/mermaid-label.ts";

/** What `millrace job graph` prints. */
export function jobGraphLines(outline: JobOutline): readonly string[] {
  if ("graph" in outline) return explainGraph(outline.graph);
  return [
    `makes ${outline.selection}`,
    ...outline.assets.map(
      ({ key, reads }) => `  ${key}${reads.length === 0 ? "" : `  reads ${reads.join(", ")}`}`,
    ),
  ];
}

export function jobGraphData(outline: JobOutline): object {
  return "graph" in outline ? { job: outline.job, ...describeGraph(outline.graph) } : outline;
}

/** As a Mermaid flowchart. */
export function jobGraphPicture(outline: JobOutline): readonly string[] {
  if ("graph" in outline) return graphDiagram(outline.graph);
  const keys = [...new Set(outline.assets.flatMap(({ key, reads }) => [...reads, key]))];
  const names = new Map(keys.map((key, index) => [key, `n${index}`]));
  const made = new Set(outline.assets.map(({ key }) => key));
  return [
    "flowchart LR",
    // What it only reads stands in round corners.
    ...keys.map((key) => {
      const label = `"${mermaidLabel(key)}"`;
      return `  ${names.get(key) ?? ""}${made.has(key) ? `[${label}]` : `(${label})`}`;
    }),
    ...outline.assets.flatMap(({ key, reads }) =>
      reads.map((read) => `  ${names.get(read) ?? ""} --> ${names.get(key) ?? ""}`),
    ),
  ];
}
