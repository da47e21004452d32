import type { AssetDefinition } from "../../core/asset/asset-definition.ts";
import type { CheckDefinition, CheckScope } from "../../core/check/check-definition.ts";
import { effectiveScope } from "../../core/check/effective-scope.ts";
import type { CheckEvaluation } from "../../core/check/evaluation.ts";
import { latestEvaluations } from "../../core/check/latest-evaluations.ts";
import type { CurrentVersion } from "../../core/catalog/version.ts";
import { knownAsset } from "../../core/plan/known-asset.ts";
import { isoTime } from "../iso-time.ts";
import { chooseAssets } from "../planning/choose.ts";
import type { ControlContext } from "../control-context.ts";
import { partitionName } from "../snapshots/named-places.ts";

export interface CheckListing {
  readonly project: string;
  readonly environment: string;
  readonly snapshot: number;
  readonly checks: readonly CheckStanding[];
}

/** How a check stands on what is current. */
export interface CheckStanding {
  readonly asset: string;
  readonly check: string;
  readonly rule: string;
  readonly scope: CheckScope;
  readonly blocking: boolean;
  readonly severity: "warn" | "error";
  /** "not evaluated": it was defined after what is current was made. */
  readonly state: "passed" | "failed" | "not evaluated";
  /** Current versions on which it passed, failed, or was not asked. Of a check of the whole asset: one. */
  readonly passed: number;
  readonly failed: number;
  readonly open: number;
  /** The newest evaluation; of failed ones, if there are any. */
  readonly newest: StandingEvaluation | undefined;
}

export interface StandingEvaluation {
  readonly partition: string | undefined;
  readonly description: string | undefined;
  readonly evaluatedAt: string;
  readonly runId: string | undefined;
}

/**
 * The checks of a selection (of all assets when none is given), each with its last word on what is current.
 *
 * @throws SELECTION_EMPTY, SELECTION_INVALID
 */
export async function listChecks(
  { selection, failedOnly = false }: { readonly selection?: string; readonly failedOnly?: boolean },
  context: ControlContext,
): Promise<CheckListing> {
  const { state, scope, graph, known, project } = context;
  const chosen = selection === undefined ? graph.order : await chooseAssets(selection, context);
  const checksOf = (asset: AssetDefinition) => project.checks.get(asset) ?? [];
  const checked = chosen.filter((asset) => checksOf(asset).length > 0);
  const { number } = await state.catalog.head(scope);
  const ids = checked.map((asset) => knownAsset(known, asset).assetId);
  const current = await state.catalog.current(scope, number, ids);
  const byAsset = Map.groupBy(current, ({ version }) => version.assetId);
  const evaluations = await state.catalog.evaluations(
    scope,
    current.map(({ version }) => version.id),
  );
  const byVersion = Map.groupBy(evaluations, ({ versionId }) => versionId);
  const standings = checked.flatMap((asset) => {
    const versions = byAsset.get(knownAsset(known, asset).assetId) ?? [];
    const own = evaluations.length === 0 ? [] : inOrder(versions, byVersion);
    const latest = Map.groupBy(latestEvaluations(own), ({ check }) => check);
    return checksOf(asset).map((check) =>
      standing(asset, check, versions, latest.get(check.name) ?? [], context),
    );
  });
  return {
    project: project.name,
    environment: scope.environment,
    snapshot: number,
    checks: failedOnly ? standings.filter(({ state: how }) => how === "failed") : standings,
  };
}

/** Of some versions, in the order in which they were made. */
function inOrder(
  versions: readonly CurrentVersion[],
  byVersion: ReadonlyMap<string, readonly CheckEvaluation[]>,
): readonly CheckEvaluation[] {
  return [...new Set(versions.map(({ version }) => version.id))]
    .flatMap((id) => byVersion.get(id) ?? [])
    .sort((a, b) => a.evaluatedAt - b.evaluatedAt);
}

function standing(
  asset: AssetDefinition,
  check: CheckDefinition,
  versions: readonly CurrentVersion[],
  latest: readonly CheckEvaluation[],
  context: ControlContext,
): CheckStanding {
  const scope = effectiveScope(check, asset);
  const failed = latest.filter(({ passed }) => !passed);
  const passed = latest.length - failed.length;
  const wanted = scope === "asset" ? Math.min(1, versions.length) : versions.length;
  const newest = (failed.length > 0 ? failed : latest).at(-1);
  const range = versions.find(({ version }) => version.id === newest?.versionId)?.range;
  const { name, blocking, severity } = check;
  return {
    asset: asset.key,
    check: name,
    rule: check.rule.rule,
    scope,
    blocking,
    severity,
    state: failed.length > 0 ? "failed" : passed > 0 && passed >= wanted ? "passed" : "not evaluated",
    passed,
    failed: failed.length,
    open: Math.max(0, wanted - latest.length),
    newest: newest && {
      partition:
        scope === "asset" || range === undefined
          ? undefined
          : partitionName(range, knownAsset(context.known, asset)),
      description: newest.description,
      evaluatedAt: isoTime(newest.evaluatedAt),
      runId: newest.runId,
    },
  };
}
