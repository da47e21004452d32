import type { AssetDefinition } from "../../core/asset/asset-definition.ts";
import { madeAt, type CurrentVersion } from "../../core/catalog/version.ts";
import { overlaps } from "../../core/partition/range.ts";
import { knownAsset } from "../../core/plan/known-asset.ts";
import { partitionSpan } from "../../core/plan/partition-span.ts";
import type { FailedStepRecord } from "../../core/run/run.ts";
import { stepReason } from "../../core/run/step-reason.ts";
import type { ControlContext } from "../control-context.ts";
import { isoTime } from "../iso-time.ts";

/** A last attempt that failed: of an asset, or of several of its partitions in the same way. */
export interface LastFailure {
  /** "2025-01 to 2025-03, 3 partitions"; absent for an asset without partitions. */
  readonly partitions: string | undefined;
  readonly runId: string;
  readonly failedAt: string;
  readonly code: string;
  readonly reason: string;
}

/** Older failures than those of so many unsuccessful runs are history. */
const runsLookedAt = 20;

/** What failed after the current version was made, or without there being one. */
export async function lastFailures(
  asset: AssetDefinition,
  current: readonly CurrentVersion[],
  context: ControlContext,
): Promise<readonly LastFailure[]> {
  const { assetId, space } = knownAsset(context.known, asset);
  const found = await standingFailures([asset], new Map([[asset, current]]), context);
  const standing = found.get(assetId) ?? [];
  const alike = Map.groupBy(standing, (step) => JSON.stringify([step.runId, step.code, plainReason(step)]));
  return [...alike.values()].flatMap((group) => {
    const steps = group.toSorted((a, b) => a.range.from - b.range.from);
    const partitions = steps.flatMap((step) => {
      const partition = space.keyOf(step.range.from);
      return partition === undefined ? [] : [{ partition, range: step.range }];
    });
    const last = group[0];
    return last === undefined
      ? []
      : [lastFailure(last, partitions.length === 0 ? undefined : partitionSpan(partitions))];
  });
}

/** The same for many assets at once, by the id of the asset; those without a failure are left out. */
export async function standingFailures(
  assets: readonly AssetDefinition[],
  current: ReadonlyMap<AssetDefinition, readonly CurrentVersion[]>,
  { state, scope, known }: ControlContext,
): Promise<ReadonlyMap<number, readonly FailedStepRecord[]>> {
  const versions = new Map(
    assets.map((asset) => [knownAsset(known, asset).assetId, current.get(asset) ?? []]),
  );
  const failed = await state.runs.failedSteps(scope, [...versions.keys()], runsLookedAt);
  // They come newest first: of each step the first one counts.
  const newest = [...Map.groupBy(failed, ({ assetId, key }) => `${assetId} ${key}`).values()].flatMap(
    ([first]) => first ?? [],
  );
  const standing = newest.filter(({ assetId, range: failedRange, endedAt }) => {
    const made = versions.get(assetId) ?? [];
    return !made.some(({ range, version }) => overlaps(range, failedRange) && madeAt(version) > endedAt);
  });
  return Map.groupBy(standing, ({ assetId }) => assetId);
}

function lastFailure(step: FailedStepRecord, partitions: string | undefined): LastFailure {
  const { runId, endedAt, code } = step;
  return { partitions, runId, failedAt: isoTime(endedAt), code, reason: plainReason(step) };
}

/** "range amount: 1 of 12 rows …", "the till is closed": it is told beside the asset's name. */
function plainReason({ key, reason }: FailedStepRecord): string {
  return stepReason(key, reason).replace(/^a blocking check failed: /, "");
}
