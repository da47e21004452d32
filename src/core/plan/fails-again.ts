import type { VersionInput } from "../catalog/version.ts";
import type { FailedStepRecord } from "../run/run.ts";
import { inputVersion } from "./input-version.ts";

/**
 * Has just this been tried, and failed or been rejected: the same code on the same inputs (N23)? Then nothing asks for
 * it again by itself until one of them changes.
 */
export function failsAgain(
  failed: Pick<FailedStepRecord, "codeVersion" | "inputVersion">,
  codeVersion: string,
  inputs: readonly VersionInput[],
): boolean {
  // A step with several outputs was tried with the code of each.
  const tried = failed.codeVersion?.split(" ") ?? [];
  return tried.includes(codeVersion) && failed.inputVersion === inputVersion(inputs);
}
