import type { RunProgress } from "../../core/run/run-progress.ts";

/** How one step of this run ended. */
export interface StepResult {
  readonly step: string;
  /** `done`: an op, which makes no version. `unchanged`: it came out as before, or did not have to run. `skipped`: something it reads failed. `held`, `superseded`: made and not published. */
  readonly result: "made" | "done" | "unchanged" | "skipped" | "failed" | "held" | "superseded";
  readonly rowCount: number | undefined;
  readonly milliseconds: number | undefined;
  readonly reason: string | undefined;
}

export type FailedCheck = Omit<Extract<RunProgress, { progress: "check.failed" }>, "progress">;

/** Keeps count of a run while it tells what happens. */
export class RunTally {
  /** Steps, as far as they are known. */
  total: number;
  /** Steps that an interrupted run had committed before. */
  readonly before: number;
  readonly results: StepResult[] = [];
  /** Of steps in the results. */
  readonly #places = new Map<string, number>();
  readonly failedChecks: FailedCheck[] = [];
  /** Steps at work, and since when. */
  readonly running = new Map<string, number>();
  rowCount = 0;
  /** Versions that became current. */
  published = 0;
  /** Snapshots in which they did, in order. */
  readonly snapshots: number[] = [];

  /** Steps that make versions; all when absent. */
  readonly #making: ReadonlySet<string> | undefined;

  constructor(total: number, before: number, making?: ReadonlySet<string>) {
    this.total = total;
    this.before = before;
    this.#making = making;
  }

  /** Some of those that were committed before may have been made again. */
  get done(): number {
    return Math.min(this.total, this.before + this.results.length);
  }

  note(progress: RunProgress, now: number): void {
    switch (progress.progress) {
      case "steps.added":
        this.total += progress.steps;
        break;
      case "step.started":
        this.running.set(progress.step, now);
        break;
      case "step.succeeded":
        this.rowCount += progress.rowCount ?? 0;
        this.#end({ ...progress, result: progress.unchanged ? "unchanged" : this.#made(progress.step) });
        break;
      case "step.skipped":
        this.#end({ ...progress, result: progress.reason === "unchanged" ? "unchanged" : "skipped" });
        break;
      case "step.failed":
        this.#end({ ...progress, result: "failed" });
        break;
      case "check.failed": {
        const { step, check, blocking, description } = progress;
        this.failedChecks.push({ step, check, blocking, description });
        break;
      }
      case "published":
        this.published += progress.versions;
        if (progress.versions > 0) this.snapshots.push(progress.snapshot);
        this.#withheld(progress.held, "held");
        this.#withheld(progress.superseded, "superseded");
        break;
      default:
        break;
    }
  }

  #made(step: string): "made" | "done" {
    return this.#making?.has(step) === false ? "done" : "made";
  }

  #withheld(steps: readonly string[], result: StepResult["result"]): void {
    const withheld = new Set(steps);
    for (const [index, ended] of this.results.entries()) {
      if (withheld.has(ended.step)) this.results[index] = { ...ended, result };
    }
  }

  #end(step: {
    step: string;
    result: StepResult["result"];
    rowCount?: number;
    milliseconds?: number;
    reason?: string;
  }): void {
    this.running.delete(step.step);
    const { rowCount, milliseconds, reason } = step;
    const ended = { step: step.step, result: step.result, rowCount, milliseconds, reason };
    const place = this.#places.get(step.step);
    // What had passed may have been rejected when it was to be published.
    if (place !== undefined) this.results[place] = ended;
    else this.#places.set(step.step, this.results.push(ended) - 1);
  }
}
