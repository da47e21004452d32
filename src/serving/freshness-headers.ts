import { fieldDictionary, fieldKey, fieldString } from "../http/structured-field.ts";
import type { AssetState } from "./asset-state.ts";

/** Headers that name data, as a flat list of names and values: the form that Node sends fastest. */
export interface FreshnessHeaders {
  readonly fixed: readonly string[];
  /** Milliseconds since the epoch; undefined for an endpoint that reads nothing. */
  readonly asOf: number | undefined;
}

/** More names than this are left out; a header is no place for thousands. */
const mostNames = 10;

/**
 * What an answer says of the data behind it (docs/reference/http-api.md). `asOf` is the oldest of the times at which
 * the newest version of each asset was materialized: the answer misses nothing that was known before it.
 */
export function freshnessHeaders(token: string, states: readonly AssetState[]): FreshnessHeaders {
  const fixed = ["Millrace-Snapshot", token];
  if (states.length === 0) return { fixed, asOf: undefined };
  const asOf = Math.min(...states.map(({ materializedAt }) => materializedAt));
  const runs = [...new Set(states.flatMap((state) => state.runs.slice(0, mostNames)))].slice(0, mostNames);
  fixed.push(
    "Millrace-Data-Versions",
    fieldDictionary(states.map(({ asset, dataVersion }) => [asset.key, fieldString(dataVersion)])),
    "Millrace-As-Of",
    new Date(asOf).toISOString(),
    "Millrace-Run",
    runs.join(", "),
    "Millrace-Checks",
    checks(states),
  );
  return { fixed, asOf };
}

function checks(states: readonly AssetState[]): string {
  let passed = 0;
  const failed: string[] = [];
  for (const state of states) {
    passed += state.checks.passed;
    failed.push(...state.checks.failed.map((check) => `${state.asset.key}: ${check}`));
  }
  const counts = `passed=${passed}, failed=${failed.length}`;
  if (failed.length === 0) return counts;
  return `${counts}, ${fieldKey("failing")}=(${failed.slice(0, mostNames).map(fieldString).join(" ")})`;
}
