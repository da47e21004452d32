import type { AttributeName } from "./attributes.ts";
import type { Pattern } from "./pattern.ts";

/** A selection as a frozen tree. */
export type Selection = Match | Combination | Negation | Reach | Edge;

/** What has an attribute that fits: `group:sales`, `tag:tier=gold`; a bare `x` is `key:x`. */
export interface Match {
  readonly op: "match";
  readonly attribute: AttributeName;
  readonly pattern: Pattern;
  /** Of a tag: what its value has to fit. */
  readonly value?: Pattern;
  /** Where it stands in the text, from 0. */
  readonly at: number;
}

/** `a b`, `a, b` and `a or b` are one and the same. Two parts or more. */
export interface Combination {
  readonly op: "or" | "and";
  readonly of: readonly Selection[];
}

export interface Negation {
  readonly op: "not";
  readonly of: Selection;
}

/** How many levels of edges a plus follows. */
export type Levels = number | "all";

/** `+x`, `x+`, `2+x+1`: what lies up or down from it, and itself. */
export interface Reach {
  readonly op: "reach";
  readonly up?: Levels;
  readonly down?: Levels;
  readonly of: Selection;
}

/** Those of a set that nothing else of the set reads (`sinks`), or that read nothing else of it (`roots`). */
export interface Edge {
  readonly op: "sinks" | "roots";
  readonly of: Selection;
}

/** A selection and the text it was written as. */
export interface ParsedSelection {
  readonly text: string;
  readonly tree: Selection;
}
