import type { StepHistory } from "../core/run/step-history.ts";
import type { Clock } from "../ports/clock.ts";

type Begun = Omit<StepHistory, "step" | "waitMs"> & { readonly waitMs: number };

const notBegun: Begun = { attempts: 0, interruptions: 0, failures: 0, waitMs: 0 };

/** What earlier processes of a run have had of its steps (N37). */
export class RunHistory {
  readonly #steps: ReadonlyMap<string, StepHistory>;
  readonly #clock: Clock;
  /** By this process's clock, whatever state's says. */
  readonly #since: number;

  constructor(steps: readonly StepHistory[], clock: Clock) {
    this.#steps = new Map(steps.map((step) => [step.step, step]));
    this.#clock = clock;
    this.#since = clock.now();
  }

  /** Of one step. `waitMs` is what is left now. */
  of(step: string): Begun {
    const found = this.#steps.get(step);
    if (found === undefined) return notBegun;
    const { waitMs = 0 } = found;
    const left = waitMs === 0 ? 0 : Math.max(0, this.#since + waitMs - this.#clock.now());
    return { ...found, waitMs: left };
  }
}
