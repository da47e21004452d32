import { MillraceError } from "../core/errors.ts";
import type { StepOutcome } from "./execution.ts";
import type { Slots } from "./slots.ts";

/** Something to do once others have ended, well or not. */
export interface Task {
  readonly key: string;
  /** Keys of tasks, of those too that are still to come. */
  readonly dependsOn: readonly string[];
  /** It only decides: it does not count among those at work. */
  readonly decides?: true;
  /** @param outcomes Of whatever has ended so far: all that it depends on, at least */
  readonly work: (outcomes: ReadonlyMap<string, StepOutcome>) => Promise<Worked>;
}

export interface Worked {
  readonly outcome: StepOutcome;
  /** What there is to do besides, now that it has ended. */
  readonly more?: readonly Task[];
}

/**
 * Does tasks as soon as what they depend on has ended and there is a slot for them, in the given order among those
 * that are ready. Gives how each has ended.
 *
 * @param done Outcomes from an earlier process of the same run; those tasks are not done again
 */
export async function scheduleTasks(
  tasks: readonly Task[],
  done: ReadonlyMap<string, StepOutcome>,
  slots: Slots,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, StepOutcome>> {
  const outcomes = new Map(done);
  const waitingFor = new Map<string, number>();
  const dependents = new Map<string, Task[]>();
  const ready: Task[] = [];
  const deciding: Task[] = [];
  const makeReady = (task: Task): void => {
    (task.decides === true ? deciding : ready).push(task);
  };
  const add = (task: Task): void => {
    if (outcomes.has(task.key)) return;
    let open = 0;
    for (const upstream of new Set(task.dependsOn)) {
      if (outcomes.has(upstream)) continue;
      open += 1;
      const waiting = dependents.get(upstream);
      if (waiting === undefined) dependents.set(upstream, [task]);
      else waiting.push(task);
    }
    if (open === 0) makeReady(task);
    else waitingFor.set(task.key, open);
  };
  const settle = ({ key }: Task, { outcome, more = [] }: Worked): void => {
    outcomes.set(key, outcome);
    for (const dependent of dependents.get(key) ?? []) {
      const open = (waitingFor.get(dependent.key) ?? 1) - 1;
      if (open > 0) waitingFor.set(dependent.key, open);
      else {
        waitingFor.delete(dependent.key);
        makeReady(dependent);
      }
    }
    dependents.delete(key);
    for (const task of more) add(task);
  };
  for (const task of tasks) add(task);

  let next = 0;
  let nextDeciding = 0;
  let working = 0;
  let failure: { readonly reason: unknown } | undefined;
  await new Promise<void>((resolve) => {
    const start = (task: Task): void => {
      working += 1;
      const begun = async (): Promise<Worked> => task.work(outcomes);
      begun()
        .then(
          (worked) => settle(task, worked),
          (error: unknown) => {
            failure ??= { reason: error };
          },
        )
        .finally(() => {
          working -= 1;
          if (task.decides !== true) slots.free();
          pump();
        });
    };
    const pump = (): void => {
      const ended = (): boolean => signal.aborted || failure !== undefined;
      while (!ended() && nextDeciding < deciding.length) {
        start(deciding[nextDeciding] as Task);
        nextDeciding += 1;
      }
      while (!ended() && next < ready.length && slots.take()) {
        start(ready[next] as Task);
        next += 1;
      }
      if (working === 0) resolve();
    };
    slots.attend(pump);
    pump();
  });
  if (signal.aborted) return outcomes;
  if (failure !== undefined) throw failure.reason;
  const [stuck] = waitingFor.keys();
  if (stuck !== undefined)
    throw new MillraceError("INTERNAL", { reason: `${stuck} waits for something that never comes` });
  return outcomes;
}
