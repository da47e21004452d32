/** What hooks are given. The text in «…» stands in tsc's message. */
import { asset, defineProject, job, multiAsset, op } from "millrace";
import type { FailedStepEnd, Log, MillraceError, RunEnd, RunOutcome, StepEnd } from "millrace";
import * as z from "zod";
import { is } from "./is.ts";

const hooks = {
  onSuccess: (end: StepEnd) => {
    is<string>()(end.step);
    is<readonly string[]>()(end.assets);
    is<number>()(end.attempt);
    is<Log>()(end.log);
    is<AbortSignal>()(end.signal);
    is<{ readonly id: string; readonly snapshot: number }>()(end.run);
  },
  onFailure: async ({ error }: FailedStepEnd) => {
    is<MillraceError>()(error);
    is<unknown>()(error.cause);
    await Promise.resolve();
  },
};
asset("with_hooks", { value: z.int(), run: () => 1, hooks });
asset("with_typed_hooks", {
  value: z.int(),
  run: () => 1,
  hooks: { onSuccess: (end) => is<StepEnd>()(end), onFailure: (end) => is<FailedStepEnd>()(end) },
});
multiAsset("several", { outputs: { one: { value: z.int() } }, run: () => ({ one: 1 }), hooks });
const call = op("call", { run: () => undefined, hooks });
const ofRuns = {
  onSuccess: (end: RunEnd) => is<RunOutcome>()(end.outcome),
  onFailure: ({ outcome }: RunEnd) => is<string | undefined>()(outcome.failed[0]?.code),
  onStepSuccess: hooks.onSuccess,
  onStepFailure: hooks.onFailure,
};
job("with_hooks", { graph: () => void call(), hooks: ofRuns });
defineProject({ name: "p", definitions: [], hooks: ofRuns });

asset("x", {
  value: z.int(),
  run: () => 1,
  // @ts-expect-error a name that there is not «'onSucess' does not exist in type 'StepHooks'»
  hooks: { onSucess: () => undefined },
});
asset("x", {
  value: z.int(),
  run: () => 1,
  // @ts-expect-error the error of a success «Property 'error' does not exist on type 'StepEnd'»
  hooks: { onSuccess: ({ error }) => void error },
});
asset("x", {
  value: z.int(),
  run: () => 1,
  // @ts-expect-error hooks of runs, of a step «'onStepSuccess' does not exist in type 'StepHooks'»
  hooks: { onStepSuccess: () => undefined },
});
defineProject({
  name: "p",
  definitions: [],
  // @ts-expect-error a step, of a run «Property 'step' does not exist on type 'RunEnd'»
  hooks: { onFailure: ({ step }) => void step },
});
