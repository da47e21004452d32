import type { GraphScope, MapNode } from "../../core/graph/graph-data.ts";
import type { Execution, StepOutcome } from "../execution.ts";
import { refuseSecrets } from "../refuse-secrets.ts";
import type { Task, Worked } from "../schedule-tasks.ts";
import type { Fail } from "./decisions.ts";
import type { Frames, GraphPlaces } from "./graph-places.ts";
import type { GraphValues } from "./graph-values.ts";
import { itemFrames } from "./item-frames.ts";
import { hasFailed, upstreamFailed, type NodeEnds } from "./node-ends.ts";
import { opSucceeded } from "./run-op.ts";
import { endOf } from "./task-names.ts";

type Outcomes = ReadonlyMap<string, StepOutcome>;

interface Surroundings {
  readonly places: GraphPlaces;
  readonly values: GraphValues;
  readonly ends: NodeEnds;
  readonly fail: Fail;
  readonly execution: Execution;
  /** Steps that the run has already, from an earlier process. */
  readonly recorded: ReadonlySet<string>;
  /** Nodes whose steps another run gives. */
  readonly given: ReadonlySet<string>;
  /** The place in the run of the first step that comes out of a list. */
  readonly position: number;
  /** The tasks of a map's body, for one item. */
  readonly scope: (body: GraphScope, frames: Frames) => readonly Task[];
}

/** What a list brings, once it is known: for each item the tasks of the map's body. */
export class MapTasks {
  readonly #places: GraphPlaces;
  readonly #values: GraphValues;
  readonly #ends: NodeEnds;
  readonly #fail: Fail;
  readonly #execution: Execution;
  readonly #recorded: ReadonlySet<string>;
  readonly #given: ReadonlySet<string>;
  readonly #scope: Surroundings["scope"];
  #position: number;

  constructor({ places, values, ends, fail, execution, recorded, given, position, scope }: Surroundings) {
    this.#places = places;
    this.#values = values;
    this.#ends = ends;
    this.#fail = fail;
    this.#execution = execution;
    this.#recorded = recorded;
    this.#given = given;
    this.#position = position;
    this.#scope = scope;
  }

  async spread(node: MapNode, key: string, frames: Frames, outcomes: Outcomes): Promise<Worked> {
    const end = (outcome: StepOutcome): Worked => ({
      outcome,
      more: [{ key, dependsOn: [], decides: true, work: () => Promise.resolve({ outcome }) }],
    });
    const held = this.#ends.held(node, frames, outcomes);
    if (held !== undefined) return end(held.outcome);
    let items: readonly Frames[];
    try {
      items = itemFrames(node, key, await this.#values.fill(node.list, frames, outcomes), frames);
      const names = items.map((each) => each.at(-1)?.key ?? "").join("\n");
      refuseSecrets(names, key, "the name of an item", this.#execution.redactor);
    } catch (error) {
      // What waits for the map must not wait for ever.
      return { ...end(upstreamFailed), outcome: this.#fail(key, error) };
    }
    this.#values.spread(key, items);
    this.#addSteps(node, key, items);
    const waiting = items.values();
    // Each item that has ended brings one that has not begun.
    const next = (): readonly Task[] => {
      const { value } = waiting.next();
      return value === undefined ? [] : this.#item(node, value, next);
    };
    const atOnce = Math.min(node.concurrency ?? items.length, items.length);
    const begun = Array.from({ length: atOnce }, next).flat();
    const ends = items.map((each) => this.#endOfItem(node, each));
    return { outcome: opSucceeded, more: [...begun, gathering(key, ends)] };
  }

  #item(node: MapNode, frames: Frames, next: () => readonly Task[]): readonly Task[] {
    const nodes = node.body.nodes.map(({ id }) => this.#places.keyOf(id, frames));
    const end = gathering(this.#endOfItem(node, frames), nodes);
    return [
      ...this.#scope(node.body, frames),
      { ...end, work: async (outcomes) => ({ ...(await end.work(outcomes)), more: next() }) },
    ];
  }

  #endOfItem({ id }: MapNode, frames: Frames): string {
    return endOf(`${this.#places.keyOf(id, frames)}[${frames.at(-1)?.key ?? ""}]`);
  }

  /** The steps of the items, as rows before they begin. */
  #addSteps({ body }: MapNode, by: string, items: readonly Frames[]): void {
    const ops = body.nodes.filter(({ node, id }) => node === "op" && !this.#given.has(id));
    const steps = items.flatMap((frames) =>
      ops
        .map((op) => ({ key: this.#places.keyOf(op.id, frames), outputs: [] }))
        .filter(({ key }) => !this.#recorded.has(key)),
    );
    if (steps.length === 0) return;
    const { writer, options } = this.#execution;
    const from = this.#position;
    this.#position += steps.length;
    writer.follow(writer.write([{ change: "steps.added", steps, from, by }]), () => {
      options.report({ progress: "steps.added", by, steps: steps.length });
    });
  }
}

/** Waits for all of these, and has failed where one of them has. */
export function gathering(key: string, keys: readonly string[]): Task {
  return {
    key,
    dependsOn: keys,
    decides: true,
    work: (outcomes) =>
      Promise.resolve({
        outcome: keys.some((each) => hasFailed(outcomes.get(each))) ? upstreamFailed : opSucceeded,
      }),
  };
}
