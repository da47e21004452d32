import type { ProjectGraph } from "../project/project-graph.ts";
import type { StepRecord } from "../run/run.ts";
import type { Plan, PlanStep } from "./plan.ts";
import type { KnownAsset } from "./known-asset.ts";
import { stepInputs } from "./step-inputs.ts";

/**
 * The plan of an interrupted run, put together again from the steps that state has recorded. Edges follow from the
 * definitions; what the code now thinks of each step (`today`) says whether it surely runs.
 */
export function resumePlan(
  steps: readonly StepRecord[],
  graph: ProjectGraph,
  known: ReadonlyMap<string, KnownAsset>,
  today: Plan,
  now: number,
): Plan {
  const recorded = steps.flatMap((step) => {
    const asset = graph.byKey.get(step.asset);
    return asset === undefined ? [] : [{ step, asset }];
  });
  const keys = new Map<string, Map<number, string>>();
  for (const { step, asset } of recorded) {
    const ofAsset = keys.get(asset.key) ?? new Map<number, string>();
    keys.set(asset.key, ofAsset.set(step.range.from, step.key));
  }
  const planned = new Map(today.steps.map((step) => [step.key, step]));
  const resumed = recorded.map(({ step, asset }): PlanStep => {
    const partition = known.get(asset.key)?.space.keyOf(step.range.from);
    const dependsOn = stepInputs(asset, step.range, known, now).flatMap((input) =>
      [...(keys.get(input.asset.key) ?? [])]
        .filter(([ordinal]) => input.ranges.some((range) => ordinal >= range.from && ordinal < range.to))
        .map(([, key]) => key),
    );
    const read = new Set(asset.dependencies.values());
    const checked = graph.waitsFor(asset).filter((waited) => !read.has(waited));
    dependsOn.push(...checked.flatMap((waited) => [...(keys.get(waited.key)?.values() ?? [])]));
    return {
      key: step.key,
      asset,
      range: step.range,
      ...(partition === undefined ? {} : { partition }),
      dependsOn,
      certainty: planned.get(step.key)?.certainty ?? "runs",
      causes: planned.get(step.key)?.causes ?? [],
    };
  });
  return Object.freeze({ ...today, steps: resumed, blocked: [] });
}
