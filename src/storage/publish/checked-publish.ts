import { MillraceError } from "../../core/errors.ts";
import type { NewEvent } from "../../core/run/event.ts";
import type { CheckedAssets } from "../../ports/state/checked-assets.ts";
import type { Scope } from "../../ports/state/project-store.ts";
import { type AssetAggregate, shownAggregates } from "../catalog/aggregates.ts";
import { evaluatedEvent } from "../checks/evaluated-event.ts";
import { insertEvaluations } from "../checks/evaluations.ts";
import type { Script } from "../database/script.ts";

/** Would an asset become something else than its checks have seen (N19)? @param recounted Assets that move */
export function* isOvertaken(
  scope: Scope,
  { assets }: CheckedAssets,
  recounted: readonly AssetAggregate[],
): Script<boolean> {
  const after = new Map(recounted.map((aggregate) => [aggregate.assetId, aggregate]));
  const unmoved = assets.map(({ assetId }) => assetId).filter((id) => !after.has(id));
  const now = yield* shownAggregates(scope, "now", unmoved);
  return assets.some(({ assetId, dataVersion }) => {
    const aggregate = after.get(assetId) ?? now.get(assetId);
    return (aggregate?.partitions ? aggregate.dataVersion : undefined) !== dataVersion;
  });
}

/** @throws CHECKS_OVERTAKEN */
export function* refuseOvertaken(
  scope: Scope,
  checked: CheckedAssets | undefined,
  recounted: readonly AssetAggregate[],
): Script<void> {
  if (checked !== undefined && (yield* isOvertaken(scope, checked, recounted)))
    throw new MillraceError("CHECKS_OVERTAKEN");
}

/** Keeps what the checks found, with the publish that they were asked for. Gives the events that tell of it. */
export function* keepEvaluations(
  scope: Scope,
  checked: CheckedAssets | undefined,
): Script<readonly NewEvent[]> {
  const kept = checked?.evaluations ?? [];
  yield* insertEvaluations(
    scope,
    kept.map(({ evaluation }) => evaluation),
  );
  return kept.map(({ asset, step, evaluation }) =>
    evaluatedEvent(evaluation, { asset, ...(step === undefined ? {} : { step }) }),
  );
}
