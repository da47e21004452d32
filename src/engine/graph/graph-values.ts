import { absent, fillTemplate, refsOf } from "../../core/graph/fill-template.ts";
import type { GraphNode, MapNode, Template } from "../../core/graph/graph-data.ts";
import { unreachable } from "../../core/unreachable.ts";
import type { StepOutcome } from "../execution.ts";
import type { Frames, GraphPlaces } from "./graph-places.ts";
import type { GraphWork } from "./graph-work.ts";
import type { StepValues } from "./step-values.ts";

type Outcomes = ReadonlyMap<string, StepOutcome>;

/** What the nodes of a graph have come to, as far as they have ended. */
export class GraphValues {
  readonly #work: GraphWork;
  readonly #places: GraphPlaces;
  readonly #steps: StepValues;
  /** Cases that branches have taken, and what nested graphs were given, by key. */
  readonly #taken = new Map<string, string>();
  readonly #inputs = new Map<string, unknown>();
  /** Items of maps, each with those around it. */
  readonly #items = new Map<string, readonly Frames[]>();

  constructor(work: GraphWork, places: GraphPlaces, steps: StepValues) {
    this.#work = work;
    this.#places = places;
    this.#steps = steps;
  }

  take(branch: string, taken: string): void {
    this.#taken.set(branch, taken);
  }

  taken(branch: string): string | undefined {
    return this.#taken.get(branch);
  }

  give(graph: string, input: unknown): void {
    this.#inputs.set(graph, input);
  }

  spread(map: string, items: readonly Frames[]): void {
    this.#items.set(map, items);
  }

  /** A structure with values in place of its refs. */
  async fill(template: Template, frames: Frames, outcomes: Outcomes): Promise<unknown> {
    return (await this.#filled(template, frames, outcomes)).value;
  }

  async #filled(
    template: Template,
    frames: Frames,
    outcomes: Outcomes,
  ): Promise<{ readonly value: unknown; readonly lacks: boolean }> {
    const values = new Map<string, unknown>();
    for (const { node } of refsOf(template)) {
      if (!values.has(node)) values.set(node, await this.#valueOf(node, frames, outcomes));
    }
    const lacks = [...values.values()].includes(absent);
    return { value: fillTemplate(template, (node) => values.get(node)), lacks };
  }

  async #valueOf(id: string, frames: Frames, outcomes: Outcomes): Promise<unknown> {
    if (id === "config") return this.#work.config;
    if (id === "partition") return this.#work.partition;
    const frame = frames.find(({ map }) => id === `${map}.item` || id === `${map}.index`);
    if (frame !== undefined) return id.endsWith(".item") ? frame.item : frame.index;
    const node = this.#places.node(id);
    const key = this.#places.keyOf(id, frames);
    if (node === undefined || outcomes.get(key)?.outcome !== "success") {
      return node?.node === "map" && outcomes.has(key) ? this.#collected(node, key, outcomes) : absent;
    }
    return this.#result(node, key, this.#places.around(id, frames), outcomes);
  }

  async #result(node: GraphNode, key: string, frames: Frames, outcomes: Outcomes): Promise<unknown> {
    switch (node.node) {
      case "op":
        return this.#steps.read(key);
      case "map":
        return this.#collected(node, key, outcomes);
      case "branch": {
        const result = node.cases[this.#taken.get(key) ?? ""];
        return result === undefined ? absent : this.fill(result, frames, outcomes);
      }
      case "first": {
        for (const each of node.of) {
          const { value, lacks } = await this.#filled(each, frames, outcomes);
          if (!lacks) return value;
        }
        return absent;
      }
      case "else": {
        const { value, lacks } = await this.#filled(node.of, frames, outcomes);
        return lacks ? this.fill(node.otherwise, frames, outcomes) : value;
      }
      case "present":
        return this.fill(node.of, frames, outcomes);
      case "input":
        return this.#inputs.get(key);
      case "materialize":
        return undefined;
      default:
        return unreachable(node);
    }
  }

  /** What items have come to, in their order; those that came to nothing are left out. */
  async #collected(node: MapNode, key: string, outcomes: Outcomes): Promise<unknown> {
    const items = this.#items.get(key);
    if (items === undefined) return absent;
    const collected: unknown[] = [];
    for (const frames of items) {
      const { value, lacks } = await this.#filled(node.body.output, frames, outcomes);
      if (!lacks) collected.push(value);
    }
    return collected;
  }
}
