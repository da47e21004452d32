import { formatDuration } from "../core/duration.ts";
import { reasonOf } from "../core/errors.ts";
import type { RunHooks, StepEnd } from "../core/hook/hook.ts";
import type { RunOutcome } from "../core/run/run-progress.ts";
import type { ChangeWriter } from "./change-writer.ts";
import type { EngineOptions } from "./engine-options.ts";
import { placedStepError } from "./steps/step-error.ts";
import { stepLog } from "./steps/step-log.ts";
import type { TriedStep } from "./steps/tried-step.ts";
import { OutOfTime, withinTime } from "./within-time.ts";

/** Long enough for a message, short enough for a run to wait for. In milliseconds. */
const patienceMs = 30_000;

/** Hooks of one level, and of what: "project", "job nightly". */
export interface HookLevel {
  readonly of: string;
  readonly hooks: RunHooks;
}

/** The run whose ends they are called for. */
interface Around {
  readonly writer: ChangeWriter;
  readonly options: Pick<EngineOptions, "report">;
  readonly run: StepEnd["run"];
  /** Aborted once nothing that this process writes counts any longer. */
  readonly lost: AbortSignal;
}

/** One function to be called, under its name, of what. */
interface Hook<Context> {
  readonly of: string;
  readonly name: string;
  readonly call: ((context: Context) => unknown) | undefined;
}

type Given = Pick<StepEnd, "run" | "log" | "signal">;

/**
 * Calls hooks, each once an end is durable: those of the step itself first, then those of the levels in their order, one
 * after the other; of different steps side by side, while the run goes on. One that fails is told, and changes nothing.
 * Where nothing wants to be called, it costs nothing.
 */
export class HookCalls {
  readonly #levels: readonly HookLevel[];
  readonly #around: Around;
  readonly #attempts = new Map<string, number>();
  /** By step; under no step those of the run. */
  readonly #calling = new Map<string | undefined, Promise<void>>();
  readonly #never = new AbortController().signal;

  constructor(levels: readonly HookLevel[], around: Around) {
    this.#levels = levels;
    this.#around = around;
  }

  /** A step has succeeded: that is handed to the writer. */
  stepSucceeded(step: TriedStep, attempt: number): void {
    if (step.hooks === undefined && this.#levels.length === 0) return;
    // One whose publish is refused has failed after all.
    this.#attempts.set(step.key, attempt);
    const { of, hooks } = ofStep(step);
    this.#begin(
      [
        { of, name: "onSuccess", call: hooks.onSuccess },
        ...this.#levels.map((one) => ({ of: one.of, name: "onStepSuccess", call: one.hooks.onStepSuccess })),
      ],
      (given): StepEnd => ({ ...given, step: step.key, assets: step.assets, attempt }),
      step,
    );
  }

  /** A step has failed for good: that is handed to the writer. @param attempt As it succeeded with, when absent */
  stepFailed(step: TriedStep, thrown: unknown, attempt: number = this.#attempts.get(step.key) ?? 1): void {
    if (step.hooks === undefined && this.#levels.length === 0) return;
    const { of, hooks } = ofStep(step);
    this.#begin(
      [
        { of, name: "onFailure", call: hooks.onFailure },
        ...this.#levels.map((one) => ({ of: one.of, name: "onStepFailure", call: one.hooks.onStepFailure })),
      ],
      (given) => {
        const error = placedStepError(step, thrown);
        return { ...given, step: step.key, assets: step.assets, attempt, error };
      },
      step,
    );
  }

  /** The run has ended, and state says so. */
  async runEnded(outcome: RunOutcome): Promise<void> {
    if (outcome.status === "canceled") return;
    const name = outcome.status === "success" ? "onSuccess" : "onFailure";
    this.#begin(
      this.#levels.map(({ of, hooks }) => ({ of, name, call: hooks[name] })),
      (given) => ({ ...given, outcome }),
    );
    await this.settled();
  }

  /** Resolves when all that were begun have ended, and what they said is written. */
  async settled(): Promise<void> {
    if (this.#calling.size === 0) return;
    await Promise.all(this.#calling.values());
    await this.#around.writer.drained();
  }

  #begin<Context>(
    hooks: readonly Hook<Context>[],
    contextOf: (given: Given) => Context,
    step?: TriedStep,
  ): void {
    const wanted = hooks.filter(({ call }) => call !== undefined);
    if (wanted.length === 0) return;
    // Of one step one after the other, also where a success turns out to be none.
    const before = this.#calling.get(step?.key) ?? Promise.resolve();
    const calling = before
      .then(() => this.#callAll(wanted, contextOf, step))
      .finally(() => {
        if (this.#calling.get(step?.key) === calling) this.#calling.delete(step?.key);
      });
    this.#calling.set(step?.key, calling);
  }

  async #callAll<Context>(
    hooks: readonly Hook<Context>[],
    contextOf: (given: Given) => Context,
    step: TriedStep | undefined,
  ): Promise<void> {
    const { writer, options, run, lost } = this.#around;
    try {
      // Whatever was handed in before is durable then.
      if (step !== undefined) await writer.write([]);
    } catch {
      return;
    }
    // Nothing of it is: another process may come to another end.
    if (lost.aborted) return;
    for (const { of, name, call } of hooks) {
      try {
        await withinTime(patienceMs, this.#never, async (signal) =>
          call?.(contextOf({ run, log: stepLog(step, this.#around), signal })),
        );
      } catch (error) {
        const reason =
          error instanceof OutOfTime
            ? `it took longer than its limit of ${formatDuration(patienceMs)}`
            : reasonOf(error);
        const told = { hook: name, of, reason, ...(step === undefined ? {} : { step: step.key }) };
        writer.follow(writer.write([{ change: "hook.failed", ...told }]), () => {
          options.report({ progress: "hook.failed", ...told });
        });
      }
    }
  }
}

function ofStep({ definition, hooks = {} }: TriedStep): {
  of: string;
  hooks: NonNullable<TriedStep["hooks"]>;
} {
  return { of: `${definition.what} ${definition.key}`, hooks };
}
