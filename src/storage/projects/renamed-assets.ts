import type { Scope } from "../../ports/state/project-store.ts";
import type { RunChange } from "../../ports/state/run-store.ts";
import type { StepState } from "../runs/run-steps.ts";
import { all, asTable, type Script } from "../database/script.ts";

/**
 * Assets by the keys that changes call them by and that they no longer have: a run goes on with the code it began with,
 * also where another process has renamed an asset meanwhile (N12). Asks nothing where all keys are those of the steps.
 */
export function* readRenamed(
  scope: Scope,
  changes: readonly RunChange[],
  steps: ReadonlyMap<string, StepState>,
): Script<ReadonlyMap<string, number>> {
  const unknown = changes.flatMap((change) => {
    if (!("step" in change) || change.step === undefined) return [];
    const outputs = steps.get(change.step)?.outputs ?? [];
    return assetsIn(change).filter((key) => !outputs.some(({ asset }) => asset === key));
  });
  if (unknown.length === 0) return new Map();
  const rows = yield* all<{ key: string; asset_id: number }>(
    `with r as {rows key text}
     select l.key, l.asset_id from r {join} asset_alias l on l.project_id = ? and l.key = r.key`,
    asTable([...new Set(unknown)].map((key) => [key])),
    scope.projectId,
  );
  return new Map(rows.map(({ key, asset_id }) => [key, asset_id]));
}

function assetsIn(change: RunChange): readonly string[] {
  if (change.change === "step.succeeded") return change.omitted ?? [];
  return "asset" in change ? [change.asset] : [];
}
