import { firstFew } from "../first-few.ts";

export const triggerRules = ["all_success", "one_success", "all_done"] as const;

/**
 * What must have become of what a step reads, as far as the same run makes it:
 *
 * - `all_success`: all of it was made, or is as it was. What was skipped counts as unchanged if there is a version of it.
 * - `one_success`: at least one was made, or came out unchanged; skipped and failed ones are read as they were.
 * - `all_done`: nothing; whatever failed or was skipped is read as it was.
 */
export type TriggerRule = (typeof triggerRules)[number];

/** How something that a step waits for has ended. */
export interface UpstreamEnd {
  readonly name: string;
  /**
   * - `success`: made, or found unchanged
   * - `kept`: skipped or left out; a version from before is there
   * - `absent`: the same, and nothing is there
   * - `skipped`: so was the step of an op, which gives nothing then
   * - `failed`: it failed, or something above it did
   */
  readonly end: "success" | "kept" | "absent" | "skipped" | "failed";
}

/** Why a step is not to run; undefined when it is. */
export function heldBack(rule: TriggerRule, upstream: readonly UpstreamEnd[]): string | undefined {
  if (rule === "all_done" || upstream.length === 0) return undefined;
  if (rule === "one_success") {
    if (upstream.some(({ end }) => end === "success")) return undefined;
    return `none of ${firstFew(upstream.map(({ name }) => name))} succeeded`;
  }
  const failed = upstream.find(({ end }) => end === "failed");
  if (failed !== undefined) return `${failed.name} did not succeed`;
  const absent = upstream.find(({ end }) => end === "absent");
  if (absent !== undefined) return `${absent.name} was skipped and has no version`;
  const skipped = upstream.find(({ end }) => end === "skipped");
  return skipped && `${skipped.name} was skipped`;
}
