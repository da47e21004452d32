import { MillraceError } from "../../core/errors.ts";
import { deserialize, NotSerializable, serialize } from "../../core/serial/serialize.ts";
import type { Execution } from "../execution.ts";
import { refuseSecrets } from "../refuse-secrets.ts";
import type { TriedStep } from "./tried-step.ts";

/** Larger results belong into an asset, or into a file that the result names. */
const largestBytes = 1_048_576;

interface CheckpointOptions {
  readonly key?: string;
}

/**
 * The durable steps inside one attempt (N38). What an earlier attempt or process of the same step has reached is read
 * once, when the first checkpoint is asked for: a step without any costs nothing.
 */
export function stepCheckpoints(
  step: Pick<TriedStep, "key" | "definition">,
  signal: AbortSignal,
  { writer, runId, options, redactor }: Execution,
): (name: string, work: () => unknown, options?: CheckpointOptions) => Promise<unknown> {
  const used = new Set<string>();
  let reached: Promise<ReadonlyMap<string, string>> | undefined;
  const read = async (): Promise<ReadonlyMap<string, string>> => {
    const rows = await options.state.runs.checkpoints(runId, step.key);
    return new Map(rows.map(({ name, key, result }) => [identity(name, key), result]));
  };
  return async (name, work, given = {}) => {
    const key = given.key ?? "";
    if (typeof name !== "string" || name === "" || typeof key !== "string" || typeof work !== "function") {
      const reason = "checkpoint takes a name, a function and, if need be, { key } with a text";
      throw new MillraceError("INVALID_OPTION", { ...step.definition, reason });
    }
    const shown = key === "" ? name : `${name}[${key}]`;
    const id = identity(name, key);
    if (used.has(id)) throw new MillraceError("CHECKPOINT_REPEATED", { step: step.key, checkpoint: shown });
    used.add(id);
    refuseSecrets(shown, step.key, "the name of a checkpoint", redactor);
    const known = (await (reached ??= read())).get(id);
    if (known !== undefined) return deserialize(known);
    const result = keepable(await work(), step.key, shown);
    refuseSecrets(result, step.key, `what the checkpoint ${shown} gave`, redactor);
    // Nobody waits for an attempt that is given up: another one may have begun.
    if (signal.aborted) throw new MillraceError("CANCELED");
    await writer.write([{ change: "checkpoint.reached", step: step.key, name, key, result }]);
    options.crashPoints.reach("after-checkpoint");
    // As every later attempt gets it.
    return deserialize(result);
  };
}

function identity(name: string, key: string): string {
  return JSON.stringify([name, key]);
}

function keepable(value: unknown, step: string, checkpoint: string): string {
  const text = asText(value, step, checkpoint);
  const bytes = Buffer.byteLength(text);
  if (bytes <= largestBytes) return text;
  throw new MillraceError("CHECKPOINT_TOO_LARGE", { step, checkpoint, bytes, limit: largestBytes });
}

function asText(value: unknown, step: string, checkpoint: string): string {
  try {
    return serialize(value);
  } catch (error) {
    if (!(error instanceof NotSerializable)) throw error;
    const reason = error.message;
    throw new MillraceError("CHECKPOINT_NOT_SERIALIZABLE", { step, checkpoint, reason }, { cause: error });
  }
}
