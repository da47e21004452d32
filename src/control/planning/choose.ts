import { isExternal, type AssetDefinition } from "../../core/asset/asset-definition.ts";
import { MillraceError } from "../../core/errors.ts";
import { knownAsset } from "../../core/plan/known-asset.ts";
import type { SelectionFacts } from "../../core/selection/attributes.ts";
import { fitsPattern } from "../../core/selection/pattern.ts";
import { parseSelection } from "../../core/selection/parse-selection.ts";
import { evaluateSelection, termsAskingFor, type Selected } from "../../core/selection/select.ts";
import type { Match } from "../../core/selection/selection-tree.ts";
import type { Status } from "../../core/selection/status.ts";
import { assetStaleness } from "../assets/asset-summary.ts";
import { changedSinceBase } from "./changed-since-base.ts";
import type { ControlContext } from "../control-context.ts";
import { standingFailures } from "../runs/last-failures.ts";
import { projectStatus, type ProjectStatus } from "../assets/project-status.ts";

/**
 * What a selection means, as things stand. State is looked at only where the selection asks how assets stand or what has changed.
 *
 * @param status The standing, where it is known already
 * @throws SELECTION_INVALID, SELECTION_EMPTY
 */
export async function choose(
  selection: string,
  context: ControlContext,
  status?: ProjectStatus,
): Promise<Selected> {
  const parsed = parseSelection(selection);
  const asked = termsAskingFor(parsed.tree, "status");
  const facts: SelectionFacts = {
    ...(asked.length === 0
      ? {}
      : { status: await statuses(asked, status ?? (await projectStatus(context)), context) }),
    ...(termsAskingFor(parsed.tree, "changed").length === 0
      ? {}
      : { changed: await changedSinceBase(context) }),
  };
  return evaluateSelection(parsed, context.graph, facts);
}

/**
 * The same, where assets are meant: endpoints that are selected too are passed over. None at all is an answer where it
 * was asked how assets stand.
 *
 * @throws SELECTION_INVALID, SELECTION_EMPTY, SELECTION_ENDPOINTS
 */
export async function chooseAssets(
  selection: string,
  context: ControlContext,
): Promise<readonly AssetDefinition[]> {
  const { assets, endpoints } = await choose(selection, context);
  if (assets.length === 0 && endpoints.length > 0) {
    throw new MillraceError("SELECTION_ENDPOINTS", { selection });
  }
  return assets;
}

async function statuses(
  terms: readonly Match[],
  status: ProjectStatus,
  context: ControlContext,
): Promise<ReadonlyMap<AssetDefinition, ReadonlySet<Status>>> {
  const assets = context.graph.order.filter((asset) => !isExternal(asset));
  const asksForFailed = terms.some(({ pattern }) => fitsPattern("failed", pattern));
  const failed = asksForFailed ? await failedAssets(assets, status, context) : new Set<AssetDefinition>();
  return new Map(
    assets.map((asset) => {
      const { missing, stale, upstreamStale, held, fresh } = assetStaleness(asset, status, context);
      const holding: [boolean, Status][] = [
        [missing > 0, "missing"],
        [stale > 0, "stale"],
        [upstreamStale > 0, "upstream_stale"],
        [held > 0, "held"],
        [missing + stale + upstreamStale + held === 0 && fresh > 0, "fresh"],
        [failed.has(asset), "failed"],
      ];
      return [asset, new Set(holding.flatMap(([holds, one]) => (holds ? [one] : [])))];
    }),
  );
}

async function failedAssets(
  assets: readonly AssetDefinition[],
  status: ProjectStatus,
  context: ControlContext,
): Promise<ReadonlySet<AssetDefinition>> {
  const standing = await standingFailures(assets, status.current, context);
  return new Set(assets.filter((asset) => standing.has(knownAsset(context.known, asset).assetId)));
}
