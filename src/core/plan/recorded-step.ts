import type { ProjectGraph } from "../project/project-graph.ts";
import type { StepRecord } from "../run/run.ts";
import type { KnownAsset } from "./known-asset.ts";
import type { PlanStep } from "./plan.ts";

/** A step of a run as it was planned, without its edges; undefined where its assets have left the code. */
export function recordedStep(
  { key, outputs: recorded, range, mayRun }: StepRecord,
  graph: ProjectGraph,
  known: ReadonlyMap<string, KnownAsset>,
): PlanStep | undefined {
  const assets = recorded.flatMap(({ asset }) => graph.byKey.get(asset) ?? []);
  const [first] = assets;
  if (first === undefined || range === undefined) return undefined;
  const partition = known.get(first.key)?.space.keyOf(range.from);
  return {
    key,
    computation: first.computation,
    outputs: assets.map((asset) => ({ asset, asked: true, causes: [] })),
    range,
    ...(partition === undefined ? {} : { partition }),
    dependsOn: [],
    certainty: mayRun ? "may run" : "runs",
    causes: [],
  };
}
