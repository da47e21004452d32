import type { Machine } from "./machine.ts";
import type { Spread } from "./measure/spread.ts";
import type { WorkFolder } from "./measure/work-folder.ts";

/** Something that is measured, as a rule beside the least that it could cost. */
export interface Figure {
  /** For `--only`. */
  readonly name: string;
  readonly title: string;
  measure(effort: Effort): Promise<readonly Row[]>;
}

/** A figure as it was measured once. */
export interface MeasuredFigure {
  readonly name: string;
  readonly title: string;
  /** Processes that wanted a core when it began. */
  readonly load: number;
  readonly machine: Machine;
  readonly rows: readonly Row[];
}

export interface Effort {
  /** Small sizes and few rounds: does it still work, and about how fast? */
  readonly quick: boolean;
  /** For state and data; removed in the end. */
  readonly work: WorkFolder;
}

/** One line of a figure's table. */
export interface Row {
  readonly what: string;
  readonly unit: "ms" | "µs" | "s" | "MB" | "req/s" | "versions/s" | "bytes" | "×";
  readonly ours: Spread;
  readonly floor?: Spread;
  /** Round by round, ours by the floor's. */
  readonly ratio?: Spread;
  readonly budget?: Budget;
}

/** What a median should stay within (the project's speed budgets). Never asserted: machines differ. */
export interface Budget {
  readonly of: "ours" | "ratio";
  readonly most?: number;
  readonly least?: number;
}

export function isKept({ ours, ratio, budget }: Row): boolean | undefined {
  const value = budget?.of === "ratio" ? ratio?.median : ours.median;
  if (budget === undefined || value === undefined) return undefined;
  return value <= (budget.most ?? Infinity) && value >= (budget.least ?? -Infinity);
}
