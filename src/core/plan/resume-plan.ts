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
    const outputs = step.outputs.flatMap(({ asset }) => graph.byKey.get(asset) ?? []);
    const [first] = outputs;
    return first === undefined ? [] : [{ step, outputs, computation: first.computation, first }];
  });
  const keys = new Map<string, Map<number, string>>();
  for (const { step, outputs } of recorded) {
    for (const asset of outputs) {
      const ofAsset = keys.get(asset.key) ?? new Map<number, string>();
      keys.set(asset.key, ofAsset.set(step.range.from, step.key));
    }
  }
  const planned = new Map(today.steps.map((step) => [step.key, step]));
  const resumed = recorded.map(({ step, outputs, computation, first }): PlanStep => {
    const partition = known.get(first.key)?.space.keyOf(step.range.from);
    const dependsOn = stepInputs(computation, step.range, known, now).flatMap((input) =>
      [...(keys.get(input.asset.key) ?? [])]
        .filter(([ordinal]) => input.ranges.some((range) => ordinal >= range.from && ordinal < range.to))
        .map(([, key]) => key),
    );
    const read = new Set(computation.dependencies.values());
    const checked = graph.waitsFor(computation).filter((waited) => !read.has(waited));
    dependsOn.push(...checked.flatMap((waited) => [...(keys.get(waited.key)?.values() ?? [])]));
    const thought = planned.get(step.key);
    return {
      key: step.key,
      computation,
      outputs: outputs.map(
        (asset) =>
          thought?.outputs.find((output) => output.asset === asset) ?? { asset, asked: true, causes: [] },
      ),
      range: step.range,
      ...(partition === undefined ? {} : { partition }),
      dependsOn: [...new Set(dependsOn)],
      certainty: thought?.certainty ?? "runs",
      causes: thought?.causes ?? [],
    };
  });
  return Object.freeze({ ...today, steps: resumed, blocked: [] });
}
