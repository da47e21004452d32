import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { MillraceError } from "../../core/errors.ts";
import type { MadeVersion } from "./made-version.ts";
import { outputKey } from "../../core/plan/plan.ts";
import type { Attempt } from "../execution.ts";
import type { IntendedVersion } from "./intended-version.ts";

/** Copies a file's bytes into the store, hashing them on the way. */
export async function makeFile(
  attempt: Attempt,
  { asset, versionId }: IntendedVersion,
  result: unknown,
): Promise<MadeVersion> {
  const { step, execution } = attempt;
  const { store } = execution.options;
  const content = contentOf(result, outputKey(step, asset));
  const { file, path } = await store.place(asset.key, versionId, step.range, asset.file?.extension ?? "bin");
  const hash = createHash("sha256");
  const bytes = await store.write(path, hashed(content, hash.update.bind(hash)));
  return {
    version: {
      id: versionId,
      kind: "file",
      location: { store: store.name, files: [file] },
      dataVersion: `sha256:${hash.digest("hex")}`,
      bytes,
      metadata: {},
    },
    answers: new Map(),
  };
}

async function* hashed(
  content: AsyncIterable<Uint8Array>,
  update: (chunk: Uint8Array) => unknown,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of content) {
    update(chunk);
    yield chunk;
  }
}

function contentOf(result: unknown, step: string): AsyncIterable<Uint8Array> {
  if (typeof result === "string") return once(Buffer.from(result));
  if (result instanceof Uint8Array) return once(result);
  if (typeof result === "object" && result !== null) {
    if (Symbol.asyncIterator in result) return result as AsyncIterable<Uint8Array>;
    if ("path" in result && typeof result.path === "string") return createReadStream(result.path);
  }
  const reason = "run must give text, bytes, a stream of bytes or { path }";
  throw new MillraceError("VALUE_INVALID", { step, reason });
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
