import type { AssetDefinition } from "../asset/asset-definition.ts";
import { mermaidLabel } from "../mermaid-label.ts";
import type { ProjectGraph } from "../project/project-graph.ts";
import { explanations, type Explanation } from "./explain-plan.ts";
import type { PlanOutline } from "./plan-outline.ts";

/**
 * A plan as a Mermaid flowchart, which Markdown of many kinds shows as a picture: what is to be done and why, and what
 * that reads. A line each.
 *
 * @see https://mermaid.js.org/syntax/flowchart.html
 */
export function planDiagram(plan: PlanOutline, graph: ProjectGraph): readonly string[] {
  const told = Map.groupBy(explanations(plan), ({ key }) => key);
  const nodes = new Map<string, string>();
  const nodeOf = (key: string): string => {
    const known = nodes.get(key) ?? `n${nodes.size}`;
    nodes.set(key, known);
    return known;
  };
  const boxes = [...told].map(([key, explained]) => box(nodeOf(key), key, explained));
  const planned = new Set(told.keys());
  const edges: string[] = [];
  for (const computation of graph.computations) {
    const made = computation.outputs.map(({ asset }) => asset.key);
    // A hold is told by the asset, all else by what makes it.
    for (const key of new Set([computation.key, ...made])) {
      if (!planned.has(key)) continue;
      const read = new Set(graph.waitsFor(computation).map((asset) => plannedAs(asset, planned)));
      for (const from of read) edges.push(`  ${nodeOf(from)} --> ${nodeOf(key)}`);
    }
  }
  const read = [...nodes]
    .filter(([key]) => !planned.has(key))
    .map(([key, node]) => `  ${node}(["${mermaidLabel(key)}"])`);
  return [
    "flowchart LR",
    ...boxes,
    ...read,
    ...edges,
    "  classDef runs stroke-width:3px",
    "  classDef mayRun stroke-dasharray:5 5",
    "  classDef held stroke:#b8860b,stroke-width:2px",
    "  classDef blocked stroke:#c00000,stroke-width:2px",
    "  classDef retired color:#888888,stroke:#888888",
  ];
}

/** What is planned of an asset stands under its own key or, made together with others, under that of all of them. */
function plannedAs({ key, computation }: AssetDefinition, planned: ReadonlySet<string>): string {
  return planned.has(key) || !planned.has(computation.key) ? key : computation.key;
}

const classes: Readonly<Record<Explanation["fate"], string>> = {
  runs: "runs",
  "may run": "mayRun",
  held: "held",
  blocked: "blocked",
  retired: "retired",
};

/** The gravest first: a box has one look. */
const gravity = ["blocked", "held", "runs", "may run", "retired"] as const;

function box(node: string, key: string, explained: readonly Explanation[]): string {
  const lines = explained.map(({ partitions, text }) => {
    return partitions === undefined ? text : `${partitions}: ${text}`;
  });
  const look = gravity.find((fate) => explained.some((one) => one.fate === fate)) ?? "runs";
  return `  ${node}["${[key, ...lines].map(mermaidLabel).join("<br/>")}"]:::${classes[look]}`;
}
