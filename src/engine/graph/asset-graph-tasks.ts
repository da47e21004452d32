import type { PlanStep } from "../../core/plan/plan.ts";
import { stepPolicy } from "../../core/run/step-policy.ts";
import { knownAsset } from "../../core/plan/known-asset.ts";
import type { RunChange } from "../../ports/state/run-store.ts";
import type { EarlierOps } from "../../ports/job-work.ts";
import type { EndedStep, Execution, StepOutcome } from "../execution.ts";
import { upstreamSteps } from "../steps/upstream-steps.ts";
import type { Task } from "../schedule-tasks.ts";
import { skipStep } from "../steps/skip-step.ts";
import { GraphTasks } from "./graph-tasks.ts";
import { hasFailed } from "./node-ends.ts";
import { graphOf } from "./task-names.ts";

/** How the step of an asset is begun, and ended once the graph that makes it has come to its content. */
export interface AssetStepRun {
  /** How it ends without anything being made; undefined where it is to be made. */
  readonly begin: (step: PlanStep, upstream: readonly EndedStep[]) => Promise<StepOutcome | undefined>;
  readonly end: (step: PlanStep, content: () => Promise<unknown>) => Promise<StepOutcome>;
}

/**
 * An asset that a graph of ops makes: the graph begins once it is clear that the asset is to be made, and the asset's own
 * step comes last, with what the graph gave.
 *
 * @param isStep Told the tasks of the graph, so that they can be told from steps
 */
export function assetGraphTask(
  step: PlanStep,
  steps: ReadonlyMap<string, PlanStep>,
  earlier: EarlierOps,
  run: AssetStepRun,
  execution: Execution,
  onGraph: (graph: GraphTasks) => void,
): Task {
  return {
    key: graphOf(step.key),
    dependsOn: step.dependsOn,
    decides: true,
    async work(outcomes) {
      const ended = await run.begin(step, upstreamSteps(step, steps, outcomes));
      const own = (dependsOn: readonly string[], work: Task["work"]): Task => ({
        key: step.key,
        dependsOn,
        work,
      });
      const decided: StepOutcome = {
        outcome: "success",
        versionIds: [],
        changed: new Set(),
        omitted: new Set(),
      };
      if (ended !== undefined)
        return { outcome: decided, more: [own([], () => Promise.resolve({ outcome: ended }))] };
      const graph = graphTasks(step, earlier, execution);
      onGraph(graph);
      addSteps(step, graph, earlier, steps.size, execution);
      const end = own(graph.ends, async (after) => {
        const failed = graph.ends.find((key) => hasFailed(after.get(key)));
        if (failed === undefined && graph.gives(step.computation.named, after))
          return { outcome: await run.end(step, () => graph.output(after)) };
        const reason = failed === undefined ? "its graph gave nothing" : `${failed} did not succeed`;
        await skipStep(step.key, reason, "upstream", execution);
        return { outcome: { outcome: failed === undefined ? "skipped" : "upstream failed" } };
      });
      return { outcome: decided, more: [...graph.tasks(), end] };
    },
  };
}

function graphTasks(step: PlanStep, earlier: EarlierOps, execution: Execution): GraphTasks {
  const { computation, range, partition } = step;
  const { body, partitions, policy } = computation;
  const { config, options } = execution;
  if (body.body !== "graph") throw new Error(`${step.key} has no graph`);
  const [output] = step.outputs;
  const space = output === undefined ? undefined : knownAsset(options.known, output.asset).space;
  return new GraphTasks(
    {
      graph: body.graph(),
      prefix: `${step.key}: `,
      config: config.assets.get(computation.key)?.value ?? {},
      partition: partition === undefined ? undefined : { key: partition, ...space?.windowOf(range.from) },
      reads: { range, partitions },
      policy: stepPolicy(policy),
      materialized: new Map(),
      earlier,
      job: undefined,
    },
    [],
    execution,
  );
}

/** Steps of its ops that are known now. */
function addSteps(
  { key }: PlanStep,
  graph: GraphTasks,
  { recorded }: EarlierOps,
  planned: number,
  { writer, options }: Execution,
): void {
  const steps = graph.steps.filter((step) => !recorded.has(step)).map((step) => ({ key: step, outputs: [] }));
  if (steps.length === 0) return;
  const added: RunChange = { change: "steps.added", steps, from: Math.max(planned, recorded.size), by: key };
  writer.follow(writer.write([added]), () => {
    options.report({ progress: "steps.added", by: key, steps: steps.length });
  });
}
