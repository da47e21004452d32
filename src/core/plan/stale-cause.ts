import { describeMismatch, type SchemaMismatch } from "../catalog/schema-mismatch.ts";
import type { VersionInput, VersionRecord } from "../catalog/version.ts";
import { describeCodeChanges, type CodeChange } from "../code/code-change.ts";

/** Why an asset, or one partition, is stale by itself (N21). */
export type StaleCause =
  | { readonly cause: "missing" }
  /** Without changes where what the version's code was made of is no longer known. */
  | { readonly cause: "code changed"; readonly changes: readonly CodeChange[] }
  /** What is stored cannot be read as it is declared now (N6). */
  | { readonly cause: "schema changed"; readonly mismatch: SchemaMismatch }
  | { readonly cause: "input changed"; readonly input: string }
  | { readonly cause: "input added"; readonly input: string }
  | { readonly cause: "input removed"; readonly input: string };

/**
 * Compares a version with what a step would use now. What lies further up does not count: a stale input makes its
 * readers stale only once it has come out different.
 *
 * @param changesSince In what the code differs from that of an earlier code version
 */
export function staleCauses(
  version: VersionRecord | undefined,
  codeVersion: string,
  inputs: readonly VersionInput[],
  changesSince: (codeVersion: string) => readonly CodeChange[] = () => [],
  mismatches: readonly SchemaMismatch[] = [],
): readonly StaleCause[] {
  if (version === undefined) return [{ cause: "missing" }];
  const causes: StaleCause[] = [];
  if (version.codeVersion !== codeVersion) {
    causes.push({ cause: "code changed", changes: changesSince(version.codeVersion ?? "") });
  }
  for (const mismatch of mismatches) causes.push({ cause: "schema changed", mismatch });
  const before = new Map((version.inputs ?? []).map((input) => [input.asset, input.dataVersion]));
  // By asset: one that is read under two names is one input.
  const now = new Map(inputs.map((input) => [input.asset, input.dataVersion]));
  for (const [input, dataVersion] of now) {
    const known = before.get(input);
    if (known === undefined) causes.push({ cause: "input added", input });
    else if (known !== dataVersion) causes.push({ cause: "input changed", input });
  }
  for (const input of before.keys()) if (!now.has(input)) causes.push({ cause: "input removed", input });
  return causes;
}

export function describeCause(cause: StaleCause): string {
  if (cause.cause === "missing") return "never materialized";
  if (cause.cause === "code changed") {
    const changes = describeCodeChanges(cause.changes);
    return changes === "" ? "its code changed" : `its code changed (${changes})`;
  }
  if (cause.cause === "schema changed") return describeMismatch(cause.mismatch);
  if (cause.cause === "input changed") return `${cause.input} changed`;
  return cause.cause === "input added" ? `it now reads ${cause.input}` : `it no longer reads ${cause.input}`;
}
