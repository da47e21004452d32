import type { VersionInput, VersionState } from "../../core/catalog/version.ts";
import { MillraceError } from "../../core/errors.ts";
import { knownAsset } from "../../core/plan/known-asset.ts";
import { isoTime } from "../iso-time.ts";
import type { ControlContext } from "../control-context.ts";
import { partitionName } from "../snapshots/named-places.ts";
import type { StoredMetadata } from "../../core/metadata/metadata-value.ts";

/** A check and what it has found so far. */
export interface CheckHistory {
  readonly asset: string;
  readonly check: string;
  readonly rule: string;
  readonly scope: "partition" | "asset";
  readonly blocking: boolean;
  readonly severity: "warn" | "error";
  readonly timeoutMs: number;
  /** The newest first. */
  readonly evaluations: readonly PastEvaluation[];
}

export interface PastEvaluation {
  readonly partition: string | undefined;
  readonly versionId: string;
  /** What became of the version. */
  readonly version: VersionState;
  readonly passed: boolean;
  readonly severity: "warn" | "error";
  readonly description: string | undefined;
  readonly metadata: StoredMetadata;
  readonly reads: readonly VersionInput[];
  readonly evaluatedAt: string;
  /** Absent for one that was asked later, by `recheck`. */
  readonly runId: string | undefined;
}

/** @throws ASSET_NOT_FOUND, CHECK_NOT_FOUND */
export async function showCheck(
  request: { readonly asset: string; readonly check: string; readonly limit: number },
  { graph, known, project, state, scope }: ControlContext,
): Promise<CheckHistory> {
  const asset = graph.byKey.get(request.asset);
  if (asset === undefined) throw new MillraceError("ASSET_NOT_FOUND", { key: request.asset });
  const checks = project.checks.get(asset) ?? [];
  const check = checks.find(({ name }) => name === request.check);
  if (check === undefined) {
    const names = checks.map(({ name }) => name).join(", ");
    const details = { key: asset.key, check: request.check, checks: names === "" ? "none" : names };
    throw new MillraceError("CHECK_NOT_FOUND", details);
  }
  const placed = knownAsset(known, asset);
  const history = await state.evaluations.history(scope, placed.assetId, check.name, request.limit);
  const { name, blocking, severity, timeoutMs } = check;
  return {
    asset: asset.key,
    check: name,
    rule: check.rule.rule,
    scope: check.scope,
    blocking,
    severity,
    timeoutMs,
    evaluations: history.map((past) => ({
      partition: past.scope === "asset" ? undefined : partitionName(past.range, placed),
      versionId: past.versionId,
      version: past.state,
      passed: past.passed,
      severity: past.severity,
      description: past.description,
      metadata: past.metadata ?? {},
      reads: past.reads,
      evaluatedAt: isoTime(past.evaluatedAt),
      runId: past.runId,
    })),
  };
}
