import type { ProjectGraph } from "../project/project-graph.ts";
import type { StepRecord } from "../run/run.ts";
import type { KnownAsset } from "./known-asset.ts";
import type { Plan } from "./plan.ts";
import { recordedStep } from "./recorded-step.ts";
import { stepEdges } from "./step-edges.ts";

/**
 * The plan of an interrupted run, put together again from the steps that state has recorded, for the code that it was
 * made with. Edges follow from the definitions.
 */
export function resumePlan(
  run: { readonly selection: string; readonly snapshot: number; readonly fullRefresh?: boolean },
  recorded: readonly StepRecord[],
  graph: ProjectGraph,
  known: ReadonlyMap<string, KnownAsset>,
  now: number,
): Plan {
  const steps = recorded
    .filter(({ skipped }) => skipped !== "dropped")
    .flatMap((step) => recordedStep(step, graph, known) ?? []);
  const edgesOf = stepEdges(steps, graph, known, now);
  return Object.freeze({
    selection: run.selection,
    snapshot: run.snapshot,
    steps: steps.map((step) => ({ ...step, dependsOn: edgesOf(step) })),
    blocked: [],
    held: [],
    retired: [],
    fresh: 0,
    ...(run.fullRefresh === true ? { fullRefresh: true } : {}),
  });
}
