import type { GraphNode, Template } from "../../core/graph/graph-data.ts";
import { heldBack, type TriggerRule, type UpstreamEnd } from "../../core/run/trigger-rule.ts";
import type { StepOutcome } from "../execution.ts";
import type { Frames, GraphPlaces } from "./graph-places.ts";
import type { GraphValues } from "./graph-values.ts";
import { givenTo, nodesIn } from "../../core/graph/node-refs.ts";
import type { ReadingOrder } from "./reading-order.ts";
import { opSucceeded } from "./run-op.ts";
import { caseOf } from "./task-names.ts";

type Outcomes = ReadonlyMap<string, StepOutcome>;

/** Why something is not to run, and what that makes of it. */
export interface Held {
  readonly reason: string;
  readonly outcome: StepOutcome;
}

export const skipped: StepOutcome = Object.freeze({ outcome: "skipped" });
export const upstreamFailed: StepOutcome = Object.freeze({ outcome: "upstream failed" });

export function hasFailed(outcome: StepOutcome | undefined): boolean {
  return outcome?.outcome === "failure" || outcome?.outcome === "upstream failed";
}

/** What the nodes of a graph wait for, and what follows for them from how that has ended. */
export class NodeEnds {
  readonly #places: GraphPlaces;
  readonly #values: GraphValues;
  readonly #order: ReadingOrder;

  constructor(places: GraphPlaces, values: GraphValues, order: ReadingOrder) {
    this.#places = places;
    this.#values = values;
    this.#order = order;
  }

  /** Keys of the tasks that a node waits for. */
  waitsFor(node: GraphNode, frames: Frames): readonly string[] {
    const { guard } = node;
    return [
      ...this.#upstream(node).map((id) => this.#places.keyOf(id, frames)),
      ...(guard === undefined ? [] : [caseOf(this.#places.keyOf(guard.branch, frames))]),
    ];
  }

  /** Ids of the nodes that a node waits for. */
  #upstream(node: GraphNode): readonly string[] {
    return [...new Set([...this.nodesIn(givenTo(node)), ...node.after, ...this.#order.after(node.id)])];
  }

  nodesIn(templates: readonly Template[]): readonly string[] {
    return nodesIn(templates, (id) => this.#places.node(id) !== undefined);
  }

  /** Why a node is not to run; undefined when it is. */
  held(
    node: GraphNode,
    frames: Frames,
    outcomes: Outcomes,
    rule: TriggerRule = "all_success",
  ): Held | undefined {
    const guarded = this.guarded(node, frames, outcomes);
    if (guarded !== undefined) return guarded;
    const read = new Set(this.#order.after(node.id));
    const ends = this.#upstream(node).map((id): UpstreamEnd => {
      const name = this.#places.keyOf(id, frames);
      const outcome = outcomes.get(name);
      // Where it only reads what others make, it reads that as it was.
      return { name, end: hasFailed(outcome) ? "failed" : endOfUpstream(outcome, read.has(id)) };
    });
    const reason = heldBack(rule, ends);
    if (reason === undefined) return undefined;
    return { reason, outcome: ends.some(({ end }) => end === "failed") ? upstreamFailed : skipped };
  }

  /** Is the branch taken that a node stands in? */
  guarded({ guard }: GraphNode, frames: Frames, outcomes: Outcomes): Held | undefined {
    if (guard === undefined) return undefined;
    const branch = this.#places.keyOf(guard.branch, frames);
    const chosen = outcomes.get(caseOf(branch));
    if (hasFailed(chosen)) return { reason: `${branch} did not succeed`, outcome: upstreamFailed };
    if (chosen?.outcome !== "success") return { reason: `${branch} was skipped`, outcome: skipped };
    const taken = this.#values.taken(branch);
    return taken === guard.case
      ? undefined
      : { reason: `${branch} is ${taken ?? "undecided"}`, outcome: skipped };
  }

  /** How all that these refer to has ended, taken together. */
  of(templates: readonly Template[], frames: Frames, outcomes: Outcomes): StepOutcome {
    const ends = this.nodesIn(templates).map((id) => outcomes.get(this.#places.keyOf(id, frames)));
    if (ends.some(hasFailed)) return upstreamFailed;
    return ends.every((end) => end?.outcome === "success") ? opSucceeded : skipped;
  }
}

function endOfUpstream(outcome: StepOutcome | undefined, reads: boolean): UpstreamEnd["end"] {
  if (outcome?.outcome === "success" || outcome?.outcome === "unchanged") return "success";
  return reads ? "kept" : "skipped";
}
