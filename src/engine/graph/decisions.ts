import * as z from "zod";
import { MillraceError } from "../../core/errors.ts";
import type { BranchNode, ElseNode, FirstNode, InputNode, PresentNode } from "../../core/graph/graph-data.ts";
import type { StepOutcome } from "../execution.ts";
import type { Task, Worked } from "../schedule-tasks.ts";
import type { Frames, GraphPlaces } from "./graph-places.ts";
import type { GraphValues } from "./graph-values.ts";
import { hasFailed, skipped, upstreamFailed, type NodeEnds } from "./node-ends.ts";
import { opSucceeded } from "./run-op.ts";
import { caseOf } from "./task-names.ts";

type Outcomes = ReadonlyMap<string, StepOutcome>;

/** Tells why a decision could not be made, and gives how it has ended. */
export type Fail = (key: string, error: unknown) => StepOutcome;

/** What nodes come to that run no code of their own: branches, and what chooses or passes on. */
export class Decisions {
  readonly #places: GraphPlaces;
  readonly #values: GraphValues;
  readonly #ends: NodeEnds;
  readonly #fail: Fail;

  constructor(places: GraphPlaces, values: GraphValues, ends: NodeEnds, fail: Fail) {
    this.#places = places;
    this.#values = values;
    this.#ends = ends;
    this.#fail = fail;
  }

  async choose(node: BranchNode, key: string, frames: Frames, outcomes: Outcomes): Promise<Worked> {
    const held = this.#ends.held(node, frames, outcomes);
    if (held !== undefined) return { outcome: held.outcome };
    const on = await this.#values.fill(node.on, frames, outcomes);
    const taken = String(on);
    // A condition that does not hold need not have a case; a text that none is for is a mistake.
    if (typeof on !== "boolean" && !Object.hasOwn(node.cases, taken)) {
      const cases = Object.keys(node.cases).join(", ");
      return {
        outcome: this.#fail(key, new MillraceError("BRANCH_UNKNOWN", { branch: key, value: taken, cases })),
      };
    }
    this.#values.take(key, taken);
    return { outcome: opSucceeded };
  }

  /** What a branch comes to: what its case gives, once all that stands in it has ended. */
  branchEnd(node: BranchNode, key: string, frames: Frames): Task {
    const inside = this.#places.guardedBy(node.id);
    const given = this.#ends.nodesIn(Object.values(node.cases));
    const keys = [...new Set([...inside, ...given])].map((id) => this.#places.keyOf(id, frames));
    return {
      key,
      dependsOn: [caseOf(key), ...keys],
      decides: true,
      work: async (outcomes) => {
        const chosen = outcomes.get(caseOf(key));
        if (chosen === undefined || hasFailed(chosen)) return { outcome: upstreamFailed };
        const result = node.cases[this.#values.taken(key) ?? ""];
        if (chosen.outcome !== "success" || result === undefined) return { outcome: skipped };
        if (keys.some((each) => hasFailed(outcomes.get(each)))) return { outcome: upstreamFailed };
        return { outcome: this.#ends.of([result], frames, outcomes) };
      },
    };
  }

  /** The first of several that is there. */
  async either(node: FirstNode | ElseNode, frames: Frames, outcomes: Outcomes): Promise<Worked> {
    const guarded = this.#ends.guarded(node, frames, outcomes);
    if (guarded !== undefined) return { outcome: guarded.outcome };
    const ends = (node.node === "first" ? node.of : [node.of, node.otherwise]).map((each) =>
      this.#ends.of([each], frames, outcomes),
    );
    const there = ends.find(({ outcome }) => outcome === "success");
    const failed = ends.find((end) => hasFailed(end));
    // A value takes the place of what was skipped, never of what failed.
    if (node.node === "else" && ends[0] !== undefined && hasFailed(ends[0]))
      return { outcome: upstreamFailed };
    return { outcome: there ?? failed ?? skipped };
  }

  async present(node: PresentNode, frames: Frames, outcomes: Outcomes): Promise<Worked> {
    const held = this.#ends.held(node, frames, outcomes);
    if (held !== undefined) return { outcome: held.outcome };
    const value = await this.#values.fill(node.of, frames, outcomes);
    return { outcome: value === undefined || value === null ? skipped : opSucceeded };
  }

  async input(node: InputNode, key: string, frames: Frames, outcomes: Outcomes): Promise<Worked> {
    const held = this.#ends.held(node, frames, outcomes);
    if (held !== undefined) return { outcome: held.outcome };
    const given = await this.#values.fill(node.of, frames, outcomes);
    const parsed = await z.core.safeParseAsync(node.schema, given);
    if (!parsed.success) {
      const reason = z.prettifyError(parsed.error).replaceAll("\n", "; ");
      return {
        outcome: this.#fail(key, new MillraceError("OP_INPUT_INVALID", { step: node.graph, reason })),
      };
    }
    this.#values.give(key, parsed.data);
    return { outcome: opSucceeded };
  }
}
