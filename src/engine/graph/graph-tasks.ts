import { MillraceError, reasonOf } from "../../core/errors.ts";
import type { GraphNode, GraphScope, MaterializeNode, OpNode } from "../../core/graph/graph-data.ts";
import { nodeOfStep } from "../../core/graph/step-names.ts";
import type { PlanStep } from "../../core/plan/plan.ts";
import { stepPolicy } from "../../core/run/step-policy.ts";
import { unreachable } from "../../core/unreachable.ts";
import type { GivenSteps } from "../../ports/job-work.ts";
import type { Execution, StepOutcome } from "../execution.ts";
import type { Task, Worked } from "../schedule-tasks.ts";
import { skipStep } from "../steps/skip-step.ts";
import { Decisions, type Fail } from "./decisions.ts";
import { GraphPlaces, type Frames } from "./graph-places.ts";
import { GraphValues } from "./graph-values.ts";
import type { GraphWork } from "./graph-work.ts";
import { gathering, MapTasks } from "./map-tasks.ts";
import { hasFailed, NodeEnds, skipped } from "./node-ends.ts";
import { readingOrder, type ReadingOrder } from "./reading-order.ts";
import { opSucceeded, runOp } from "./run-op.ts";
import { StepValues } from "./step-values.ts";
import { beginOf, caseOf, graphOf, itemsOf } from "./task-names.ts";

type Outcomes = ReadonlyMap<string, StepOutcome>;

/**
 * A graph as tasks: each op a step, and beside the steps tasks that only decide (which branch is taken, what
 * the items of a list are). A list brings the tasks of its items once it is known.
 */
export class GraphTasks {
  readonly #work: GraphWork;
  readonly #execution: Execution;
  readonly #places: GraphPlaces;
  readonly #values: GraphValues;
  readonly #stepValues: StepValues;
  readonly #order: ReadingOrder;
  readonly #ends: NodeEnds;
  readonly #decisions: Decisions;
  readonly #maps: MapTasks;

  /** @param steps Of the plan: what the job materializes */
  constructor(work: GraphWork, steps: readonly PlanStep[], execution: Execution) {
    this.#work = work;
    this.#execution = execution;
    this.#places = new GraphPlaces(work.graph, work.prefix);
    this.#stepValues = new StepValues(execution, work.given);
    this.#values = new GraphValues(work, this.#places, this.#stepValues);
    const made = new Map(steps.map(({ key, outputs }) => [key, outputs]));
    const assets = Array.from(work.materialized, ([id, keys]) => {
      return [id, new Set(keys.flatMap((key) => (made.get(key) ?? []).map(({ asset }) => asset)))] as const;
    });
    this.#order = readingOrder(work.graph, new Map(assets));
    const [places, values] = [this.#places, this.#values];
    const ends = new NodeEnds(places, values, this.#order);
    const fail: Fail = (key, error) => this.#fail(key, error);
    this.#ends = ends;
    this.#decisions = new Decisions(places, values, ends, fail);
    this.#maps = new MapTasks({
      places,
      values,
      ends,
      fail,
      execution,
      recorded: work.earlier.recorded,
      given: work.given?.nodes ?? new Set(),
      position: Math.max(work.earlier.recorded.size, steps.length + work.graph.nodes.length),
      scope: (body, frames) => this.#scope(body, frames),
    });
  }

  /** Is this the name of a step, rather than of a task that only decides? */
  isStep(key: string): boolean {
    const node = this.#places.nodeOf(key);
    return node?.node === "op" && this.#work.given?.nodes.has(node.id) !== true;
  }

  /** Steps of the plan, each after what comes before the node that materializes it. */
  around(tasks: readonly Task[]): readonly Task[] {
    const nodeOf = new Map<string, { readonly id: string; readonly step: string }>();
    for (const [id, steps] of this.#work.materialized) {
      for (const step of steps) for (const key of [step, graphOf(step)]) nodeOf.set(key, { id, step });
    }
    return tasks.map((task) => {
      const node = nodeOf.get(task.key);
      return node === undefined ? task : this.#after(node, task);
    });
  }

  #after({ id, step }: { readonly id: string; readonly step: string }, task: Task): Task {
    return {
      ...task,
      dependsOn: [...task.dependsOn, beginOf(id)],
      work: async (outcomes) => {
        const begun = outcomes.get(beginOf(id));
        if (begun === undefined || begun.outcome === "success") return task.work(outcomes);
        const reason = `${id} was ${hasFailed(begun) ? "not reached" : "skipped"}`;
        await skipStep(step, reason, "upstream", this.#execution);
        if (task.key === step) return { outcome: begun };
        const ended: Task = { key: step, dependsOn: [], work: () => Promise.resolve({ outcome: begun }) };
        return { outcome: begun, more: [ended] };
      },
    };
  }

  /** The tasks that are known from the beginning. */
  tasks(): readonly Task[] {
    return this.#scope(this.#work.graph, []);
  }

  /** Names of the steps that are known from the beginning. */
  get steps(): readonly string[] {
    const ops = this.#work.graph.nodes.filter(({ node }) => node === "op");
    return ops.map(({ id }) => this.#places.keyOf(id, []));
  }

  /** Keys of all its tasks whose end says how the graph has ended. */
  get ends(): readonly string[] {
    return this.#work.graph.nodes.map(({ id }) => this.#places.keyOf(id, []));
  }

  /** What it gives in the end. */
  output(outcomes: Outcomes): Promise<unknown> {
    return this.#values.fill(this.#work.graph.output, [], outcomes);
  }

  /**
   * Is there what it gives?
   *
   * @param named What it gives are several things by their names: one of them is enough
   */
  gives(named: boolean, outcomes: Outcomes): boolean {
    const { output } = this.#work.graph;
    const parts = named && output.template === "record" ? Object.values(output.fields) : [output];
    return parts.some((part) => this.#ends.of([part], [], outcomes).outcome === "success");
  }

  #scope({ nodes }: GraphScope, frames: Frames): readonly Task[] {
    return nodes.flatMap((node) => this.#tasksOf(node, frames));
  }

  #tasksOf(node: GraphNode, frames: Frames): readonly Task[] {
    const key = this.#places.keyOf(node.id, frames);
    const { given } = this.#work;
    if (given?.nodes.has(node.id) === true)
      return [{ key, dependsOn: [], decides: true, work: () => this.#recall(key, given) }];
    switch (node.node) {
      case "op":
        return [
          {
            key,
            dependsOn: this.#ends.waitsFor(node, frames),
            work: async (outcomes) => ({ outcome: await this.#op(node, key, frames, outcomes) }),
          },
        ];
      case "map":
        return [
          this.#deciding(node, itemsOf(key), frames, (outcomes) =>
            this.#maps.spread(node, key, frames, outcomes),
          ),
        ];
      case "branch":
        return [
          this.#deciding(node, caseOf(key), frames, (outcomes) =>
            this.#decisions.choose(node, key, frames, outcomes),
          ),
          this.#decisions.branchEnd(node, key, frames),
        ];
      case "first":
      case "else":
        return [
          this.#deciding(node, key, frames, (outcomes) => this.#decisions.either(node, frames, outcomes)),
        ];
      case "present":
        return [
          this.#deciding(node, key, frames, (outcomes) => this.#decisions.present(node, frames, outcomes)),
        ];
      case "input":
        return [
          this.#deciding(node, key, frames, (outcomes) => this.#decisions.input(node, key, frames, outcomes)),
        ];
      case "materialize":
        return this.#materialize(node, key, frames);
      default:
        return unreachable(node);
    }
  }

  /** What a step came to in the run that gives it. */
  #recall(step: string, { ended }: GivenSteps): Promise<Worked> {
    const before = ended.get(step);
    if (before !== undefined)
      return Promise.resolve({ outcome: before === "success" ? opSucceeded : skipped });
    const missing = new MillraceError("JOB_STEP_NEEDED", {
      step,
      node: nodeOfStep(step),
      job: this.#work.job ?? "",
    });
    return Promise.resolve({ outcome: this.#fail(step, missing) });
  }

  async #op(node: OpNode, key: string, frames: Frames, outcomes: Outcomes): Promise<StepOutcome> {
    const held = this.#ends.held(node, frames, outcomes, node.triggerRule);
    if (held !== undefined) {
      await skipStep(key, held.reason, "upstream", this.#execution);
      return held.outcome;
    }
    const { config: given, defaults } = this.#execution;
    const config =
      node.config === undefined
        ? given.ops.get(this.#work.prefix + node.id)
        : { given: await this.#values.fill(node.config, frames, outcomes) };
    return runOp(
      {
        key,
        op: node.op,
        input: await this.#values.fill(node.input, frames, outcomes),
        config,
        policy: stepPolicy(node, node.op, this.#work.policy, defaults),
      },
      { work: this.#work, values: this.#stepValues, execution: this.#execution },
    );
  }

  #materialize(node: MaterializeNode, key: string, frames: Frames): readonly Task[] {
    const begin = this.#deciding(node, beginOf(key), frames, (outcomes) =>
      Promise.resolve({ outcome: this.#ends.held(node, frames, outcomes)?.outcome ?? opSucceeded }),
    );
    const steps = this.#work.materialized.get(node.id) ?? [];
    const end = gathering(key, [beginOf(key), ...steps]);
    return [
      { ...begin, dependsOn: [...begin.dependsOn, ...this.#order.before(node.id)] },
      {
        ...end,
        work: async (outcomes) => {
          const begun = outcomes.get(beginOf(key));
          return begun?.outcome === "skipped" ? { outcome: skipped } : end.work(outcomes);
        },
      },
    ];
  }

  /** A task that decides something about a node, once what the node is given has ended. */
  #deciding(
    node: GraphNode,
    key: string,
    frames: Frames,
    work: (outcomes: Outcomes) => Promise<Worked>,
  ): Task {
    return { key, dependsOn: this.#ends.waitsFor(node, frames), decides: true, work };
  }

  /** What only decides has no step: why it failed is told in the log. */
  #fail(key: string, error: unknown): StepOutcome {
    const { writer, options } = this.#execution;
    const reason = reasonOf(error);
    writer.follow(writer.write([{ change: "log", step: key, level: "error", message: reason }]), () => {
      options.report({ progress: "step.failed", step: key, reason });
    });
    return { outcome: "failure", error };
  }
}
