import { createHash, randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { MillraceError } from "../../core/errors.ts";
import { wholeRange } from "../../core/partition/range.ts";
import { deserialize, NotSerializable, serialize } from "../../core/serial/serialize.ts";
import type { StepValue } from "../../ports/state/run-store.ts";
import { nodeOfStep } from "../../core/graph/step-names.ts";
import type { GivenSteps } from "../../ports/job-work.ts";
import type { EngineOptions } from "../engine-options.ts";
import type { Execution } from "../execution.ts";
import { inlineLimit } from "../versions/inline-limit.ts";
import { refuseSecrets } from "../refuse-secrets.ts";

/** Larger results belong into an asset, or into a file that the result names. In bytes. */
const largestBytes = 64 * 1_048_576;

/** As much text as a run keeps in memory of what its ops gave; the rest is read again. In characters. */
const keptCharacters = 32 * 1_048_576;

/** Values of ops lie beside those of assets: no asset has a key with a dot in it. */
const folder = "step.values";

/** Whose values they are, and where they lie. */
interface RunOfValues extends Pick<Execution, "runId" | "redactor"> {
  readonly options: Pick<EngineOptions, "state" | "store">;
}

/**
 * What the ops of a run gave, from one step to the next: always through text, so that a value means the same whether it
 * was made just now or by an earlier process.
 */
export class StepValues {
  readonly #execution: RunOfValues;
  readonly #given: GivenSteps | undefined;
  readonly #texts = new Map<string, string>();
  #characters = 0;

  /** @param given What another run gives */
  constructor(execution: RunOfValues, given?: GivenSteps) {
    this.#execution = execution;
    this.#given = given;
  }

  /**
   * Writes a large value to the store. What is given back goes into state with the step's success.
   *
   * @throws OP_OUTPUT_NOT_SERIALIZABLE, OP_OUTPUT_TOO_LARGE, SECRET_IN_VALUE
   */
  async keep(step: string, value: unknown): Promise<StepValue> {
    const text = textOf(step, value);
    refuseSecrets(text, step, "its output", this.#execution.redactor);
    const bytes = Buffer.byteLength(text);
    if (bytes > largestBytes)
      throw new MillraceError("OP_OUTPUT_TOO_LARGE", { step, bytes, limit: largestBytes });
    this.#remember(step, text);
    if (bytes <= inlineLimit) return { inline: text };
    const { store } = this.#execution.options;
    const id = randomUUID();
    const { file, path } = await store.place(folder, id, wholeRange, "json");
    const content = Buffer.from(text);
    await store.write(path, content);
    return { id, store: store.name, file, digest: digestOf(content), bytes };
  }

  /** @throws VERSION_CORRUPT when a large value is gone or damaged */
  async read(step: string): Promise<unknown> {
    const known = this.#texts.get(step);
    if (known !== undefined) return deserialize(known);
    const { runId, options } = this.#execution;
    const run = this.#given?.nodes.has(nodeOfStep(step)) === true ? this.#given.run : runId;
    const found = (await options.state.runs.values(run, [step])).get(step);
    if (found === undefined)
      throw new MillraceError("INTERNAL", { reason: `what ${step} gave is not in state` });
    const text = "inline" in found ? found.inline : await this.#fromStore(step, found);
    this.#remember(step, text);
    return deserialize(text);
  }

  async #fromStore(step: string, { file, digest }: Exclude<StepValue, { inline: string }>): Promise<string> {
    const { store } = this.#execution.options;
    const content = await readFile(store.path(file));
    if (digestOf(content) !== digest) {
      const reason = `${file} is not what was written`;
      throw new MillraceError("VERSION_CORRUPT", { key: step, version: file, reason });
    }
    return content.toString("utf8");
  }

  /** The oldest give way: they are needed again least often. */
  #remember(step: string, text: string): void {
    this.#characters += text.length - (this.#texts.get(step)?.length ?? 0);
    this.#texts.delete(step);
    this.#texts.set(step, text);
    for (const [oldest, old] of this.#texts) {
      if (this.#characters <= keptCharacters) break;
      this.#texts.delete(oldest);
      this.#characters -= old.length;
    }
  }
}

function textOf(step: string, value: unknown): string {
  try {
    return serialize(value, "output");
  } catch (error) {
    if (!(error instanceof NotSerializable)) throw error;
    throw new MillraceError("OP_OUTPUT_NOT_SERIALIZABLE", { step, reason: error.message }, { cause: error });
  }
}

function digestOf(content: Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
