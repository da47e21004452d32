import type { AssetDefinition } from "../asset/asset-definition.ts";
import type { Computation } from "../asset/computation.ts";
import { MillraceError } from "../errors.ts";
import { isRecord } from "../option-rules.ts";

/** What code gave, by asset. */
export interface OutputResults {
  readonly given: readonly { readonly asset: AssetDefinition; readonly result: unknown }[];
  /** Optional outputs that it left out. */
  readonly omitted: readonly AssetDefinition[];
}

/**
 * Takes apart what a computation's code gave back. What it gave of outputs that nobody wants this time is left lying.
 *
 * @param step Its name, for messages
 * @param wanted The outputs that the step makes
 * @throws OUTPUT_UNKNOWN, OUTPUT_MISSING, OUTPUTS_INVALID
 */
export function outputResults(
  step: string,
  { outputs, named }: Computation,
  wanted: readonly AssetDefinition[],
  result: unknown,
): OutputResults {
  if (!named) return { given: wanted.map((asset) => ({ asset, result })), omitted: [] };
  const known = outputs.map(({ name }) => name).join(", ");
  if (!isRecord(result) || isIterable(result)) throw new MillraceError("OUTPUTS_INVALID", { step, known });
  const undeclared = Object.keys(result).find((name) => outputs.every((output) => output.name !== name));
  if (undeclared !== undefined) {
    throw new MillraceError("OUTPUT_UNKNOWN", { step, output: undeclared, known });
  }
  const given: { asset: AssetDefinition; result: unknown }[] = [];
  const omitted: AssetDefinition[] = [];
  for (const { name, asset, optional } of outputs) {
    if (!wanted.includes(asset)) continue;
    const content = result[name];
    if (content !== undefined) given.push({ asset, result: content });
    else if (optional) omitted.push(asset);
    else throw new MillraceError("OUTPUT_MISSING", { step, output: name });
  }
  return { given, omitted };
}

/** Rows, or a statement, given without saying of which output. */
function isIterable(result: object): boolean {
  return Symbol.iterator in result || Symbol.asyncIterator in result;
}
