import { createHash } from "node:crypto";
import * as z from "zod";
import { canonicalJson } from "../../core/canonical-json.ts";
import { MillraceError, reasonOf } from "../../core/errors.ts";
import type { MadeVersion } from "./made-version.ts";
import { outputKey } from "../../core/plan/plan.ts";
import { refuseSecrets } from "../refuse-secrets.ts";
import { inlineLimit } from "./inline-limit.ts";
import type { Attempt } from "../execution.ts";
import type { IntendedVersion } from "./intended-version.ts";

/**
 * Keeps a value as canonical JSON of what `run` gave: the schema's input. Readers parse it again, so that defaults and
 * transforms mean the same on every path.
 */
export async function makeValue(
  attempt: Attempt,
  { asset, versionId }: IntendedVersion,
  result: unknown,
): Promise<MadeVersion> {
  const { step, execution } = attempt;
  const { value: schema, key } = asset;
  const name = outputKey(step, asset);
  if (schema === undefined) throw new MillraceError("INTERNAL", { reason: `${key} has no schema` });
  const parsed = await z.core.safeParseAsync(schema, result);
  if (!parsed.success) {
    throw new MillraceError("VALUE_INVALID", {
      step: name,
      reason: z.prettifyError(parsed.error).replaceAll("\n", "; "),
    });
  }
  const json = asJson(result, name);
  refuseSecrets(json, name, "the value", execution.redactor);
  const bytes = Buffer.byteLength(json);
  const dataVersion = `sha256:${createHash("sha256").update(json).digest("hex")}`;
  const version = { id: versionId, kind: "value", dataVersion, bytes, metadata: {} } as const;
  if (bytes <= inlineLimit)
    return { version: { ...version, location: { inline: json } }, answers: new Map() };
  await execution.writer.write([
    { change: "version.intended", step: step.key, asset: key, versionId, kind: "value" },
  ]);
  const { store } = execution.options;
  const { file, path } = await store.place(key, versionId, step.range, "json");
  await store.write(path, Buffer.from(json));
  return { version: { ...version, location: { store: store.name, files: [file] } }, answers: new Map() };
}

function asJson(value: unknown, step: string): string {
  try {
    return canonicalJson(value);
  } catch (error) {
    throw new MillraceError("VALUE_INVALID", { step, reason: reasonOf(error) });
  }
}
