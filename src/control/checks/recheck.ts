import type { Log } from "../../core/asset/run-context.ts";
import { overlaps } from "../../core/partition/range.ts";
import type { PartitionRequest } from "../../core/plan/wanted-ranges.ts";
import type { LaterEvaluation } from "../../ports/state/evaluation-store.ts";
import { isoTime } from "../iso-time.ts";
import type { ControlContext } from "../control-context.ts";
import { holdTargets } from "../snapshots/hold-targets.ts";
import { partitionName } from "../snapshots/named-places.ts";

export interface RecheckOptions {
  readonly signal: AbortSignal;
  /** Told of each asset when its checks are done. */
  readonly report?: (evaluations: readonly Rechecked[]) => void;
  readonly logOf: (asset: string) => Log;
}

/** A check that was asked again. */
export interface Rechecked {
  readonly asset: string;
  /** Absent for a check of the whole asset, and where there are no partitions. */
  readonly partition: string | undefined;
  readonly check: string;
  readonly passed: boolean;
  readonly severity: "warn" | "error";
  readonly description: string | undefined;
  readonly versionId: string;
  readonly evaluatedAt: string;
}

export interface RecheckResult {
  /** The snapshot whose versions were asked about; it stays the newest. */
  readonly snapshot: number;
  readonly evaluations: readonly Rechecked[];
  /** Selected assets of which nothing is current. */
  readonly missing: readonly string[];
}

/**
 * Asks only the checks of what is current (N23), for instance because a check is new, or to see whether the data is still
 * fresh. What they find is attached to the versions; nothing is made, and no pointer moves.
 *
 * @throws SELECTION_EMPTY, SELECTION_INVALID, SELECTION_EXTERNAL, PARTITION_UNKNOWN, PARTITION_NEEDED
 */
export async function recheck(
  request: { readonly selection: string; readonly partitions?: PartitionRequest },
  context: ControlContext,
  options: RecheckOptions,
): Promise<RecheckResult> {
  const { state, scope, graph, checker } = context;
  const wanted = await holdTargets(request.selection, request.partitions, context);
  const { number } = await state.catalog.head(scope);
  const current = await state.catalog.current(scope, number);
  const byAsset = Map.groupBy(current, ({ version }) => version.assetId);
  const targets = wanted.flatMap(({ key, assetId, spaceId, ranges }) => {
    const asset = graph.byKey.get(key);
    const versions = (byAsset.get(assetId) ?? []).filter(
      ({ range, version }) =>
        version.spaceId === spaceId && (ranges?.some((one) => overlaps(one, range)) ?? true),
    );
    return asset === undefined ? [] : [{ asset, versions }];
  });
  const ranges = new Map(current.map(({ version, range }) => [version.id, range]));
  const told = (evaluation: LaterEvaluation): Rechecked => {
    const { asset, check, passed, severity, description, versionId, scope: about } = evaluation;
    const range = ranges.get(versionId);
    const known = context.known.get(asset);
    const named = about === "partition" && range !== undefined && known !== undefined;
    return {
      asset,
      partition: named ? partitionName(range, known) : undefined,
      check,
      passed,
      severity,
      description,
      versionId,
      evaluatedAt: isoTime(evaluation.evaluatedAt),
    };
  };
  const evaluations = await checker.recheck({
    snapshot: number,
    current,
    targets: targets.filter(({ versions }) => versions.length > 0),
    signal: options.signal,
    report: (found) => options.report?.(found.map(told)),
    logOf: options.logOf,
  });
  return {
    snapshot: number,
    evaluations: evaluations.map(told),
    missing: targets.filter(({ versions }) => versions.length === 0).map(({ asset }) => asset.key),
  };
}
