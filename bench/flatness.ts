import type { Row } from "./figure.ts";
import { ratios, spreadOf } from "./measure/spread.ts";

/** Does a step cost more in a long run? By the floor of the same rounds, so that a slow disk falls out. */
export function flatness<Shape extends string>(
  what: string,
  many: Readonly<Record<Shape | "bare", readonly number[]>>,
  few: Readonly<Record<Shape | "bare", readonly number[]>>,
  shape: Shape,
): Row {
  const grown = spreadOf([spreadOf(many[shape]).median / spreadOf(few[shape]).median]);
  const bare = spreadOf([spreadOf(many.bare).median / spreadOf(few.bare).median]);
  return { what, unit: "×", ours: grown, floor: bare, ratio: ratios(grown, bare) };
}
