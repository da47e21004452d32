import { kindOfValue } from "../../core/serial/plain-value.ts";
import { deserialize } from "../../core/serial/serialize.ts";
import type { StepRecord } from "../../core/run/run.ts";
import type { ControlContext } from "../control-context.ts";

/** What the step of an op gave. */
export interface ToldValue {
  /** "list of 3", "record"; undefined of a large value, which is not read. */
  readonly kind: string | undefined;
  /** In the notation in which values are kept; absent of a large one. */
  readonly value?: unknown;
  /** Of its text. */
  readonly bytes: number;
}

/** Of so many steps the values are read: a list may have had thousands of items. */
const mostValues = 500;

/** What ops of a run gave, by step: of the first few hundred that have succeeded. */
export async function toldValues(
  runId: string,
  steps: readonly StepRecord[],
  { state }: Pick<ControlContext, "state">,
): Promise<ReadonlyMap<string, ToldValue>> {
  const ops = steps.filter(({ status, outputs }) => status === "success" && outputs.length === 0);
  if (ops.length === 0) return new Map();
  const found = await state.runs.values(
    runId,
    ops.slice(0, mostValues).map(({ key }) => key),
  );
  return new Map(
    Array.from(found, ([step, value]): [string, ToldValue] => {
      if (!("inline" in value)) return [step, { kind: undefined, bytes: value.bytes }];
      const { inline } = value;
      const told = { kind: kindOfValue(deserialize(inline)), value: JSON.parse(inline) as unknown };
      return [step, { ...told, bytes: Buffer.byteLength(inline) }];
    }),
  );
}
