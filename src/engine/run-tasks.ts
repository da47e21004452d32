import { unpartitioned } from "../core/partition/partitions.ts";
import { wholeRange } from "../core/partition/range.ts";
import type { PlanStep } from "../core/plan/plan.ts";
import type { RunRequest } from "../ports/run-launcher.ts";
import type { Execution, StepOutcome } from "./execution.ts";
import { assetGraphTask } from "./graph/asset-graph-tasks.ts";
import { GraphTasks } from "./graph/graph-tasks.ts";
import { nothingEarlier } from "./graph/graph-work.ts";
import { upstreamSteps } from "./steps/upstream-steps.ts";
import { beginStep, makeStep } from "./steps/run-step.ts";
import type { Task } from "./schedule-tasks.ts";

/** All that a run does, as tasks: the steps of its plan, and those of graphs. */
export class RunTasks {
  readonly #steps: ReadonlyMap<string, PlanStep>;
  readonly #request: RunRequest;
  readonly #execution: Execution;
  readonly #published: (step: PlanStep, made: StepOutcome) => Promise<StepOutcome>;
  readonly #job: GraphTasks | undefined;
  /** Graphs that make assets, once they have begun. */
  readonly #graphs: GraphTasks[] = [];

  /** @param published Gives how a step has ended in view of its publish */
  constructor(
    request: RunRequest,
    execution: Execution,
    published: (step: PlanStep, made: StepOutcome) => Promise<StepOutcome>,
  ) {
    const { plan, job, earlierOps: earlier = nothingEarlier } = request;
    this.#steps = new Map(plan.steps.map((step) => [step.key, step]));
    this.#request = request;
    this.#execution = execution;
    this.#published = published;
    if (job === undefined) return;
    const { name, graph, config, partition, materialized, given } = job;
    const reads = { range: wholeRange, partitions: unpartitioned };
    const work = {
      graph,
      config,
      partition,
      materialized,
      earlier,
      given,
      reads,
      prefix: "",
      policy: {},
      job: name,
    };
    this.#job = new GraphTasks(work, plan.steps, execution);
  }

  /** @param done Steps of the plan that have ended before: their tasks are not needed */
  tasks(done: ReadonlyMap<string, StepOutcome>): readonly Task[] {
    const steps = [...this.#steps.values()]
      .filter(({ key }) => !done.has(key))
      .map((step) => this.#task(step));
    return this.#job === undefined ? steps : [...this.#job.around(steps), ...this.#job.tasks()];
  }

  /** Is this the name of a step, rather than of a task that only decides? */
  isStep(key: string): boolean {
    if (this.#steps.has(key) || this.#job?.isStep(key) === true) return true;
    return this.#graphs.some((graph) => graph.isStep(key));
  }

  /** Has the run a graph that gives something, apart from assets? */
  get gives(): boolean {
    return this.#job !== undefined;
  }

  /** What the graph of its job gives. */
  async output(outcomes: ReadonlyMap<string, StepOutcome>): Promise<unknown> {
    return this.#job?.output(outcomes);
  }

  #task(step: PlanStep): Task {
    const execution = this.#execution;
    if (step.computation.body.body === "graph") {
      return assetGraphTask(
        step,
        this.#steps,
        this.#request.earlierOps ?? nothingEarlier,
        {
          begin: (begun, upstream) => beginStep(begun, upstream, execution),
          end: async (made, content) => this.#published(made, await makeStep(made, execution, content)),
        },
        execution,
        (graph) => this.#graphs.push(graph),
      );
    }
    return {
      key: step.key,
      dependsOn: step.dependsOn,
      work: async (outcomes) => {
        const upstream = upstreamSteps(step, this.#steps, outcomes);
        const outcome = (await beginStep(step, upstream, execution)) ?? (await makeStep(step, execution));
        return { outcome: await this.#published(step, outcome) };
      },
    };
  }
}
