import { isExternal, type AssetDefinition } from "../../core/asset/asset-definition.ts";
import { MillraceError } from "../../core/errors.ts";
import { knownAsset } from "../../core/plan/known-asset.ts";
import { chooseAssets } from "../planning/choose.ts";
import type { ControlContext } from "../control-context.ts";
import { isoTime } from "../iso-time.ts";
import { lastObservations, observeSource } from "./observe-source.ts";
import type { StoredMetadata } from "../../core/metadata/metadata-value.ts";

/** What was seen of one external asset. */
export interface ObservedAsset {
  readonly key: string;
  readonly dataVersion: string | undefined;
  /** Is it other content than was seen before? Also when it was never seen. */
  readonly changed: boolean;
  readonly observedAt: string | undefined;
  readonly metadata: StoredMetadata;
  /** Why it could not be observed; what was seen before stands. */
  readonly problem: string | undefined;
}

/**
 * Looks at external assets and records what they look like now; all of them when no selection is given. One that cannot
 * be observed hinders no other.
 *
 * @throws SELECTION_INVALID, SELECTION_EMPTY, SELECTION_NOT_EXTERNAL
 */
export async function observe(
  selection: string | undefined,
  context: ControlContext,
): Promise<readonly ObservedAsset[]> {
  const chosen = selection === undefined ? context.graph.order : await chooseAssets(selection, context);
  const external = chosen.filter(isExternal);
  if (external.length === 0 && selection !== undefined && chosen.length > 0) {
    throw new MillraceError("SELECTION_NOT_EXTERNAL", { selection });
  }
  const latest = await lastObservations(external, context);
  const seen: ObservedAsset[] = [];
  for (const asset of external) {
    seen.push(await observeAsset(asset, latest.get(knownAsset(context.known, asset).assetId), context));
  }
  return seen;
}

async function observeAsset(
  asset: AssetDefinition,
  before: Parameters<typeof observeSource>[1],
  context: ControlContext,
): Promise<ObservedAsset> {
  try {
    const { dataVersion, observedAt, metadata = {} } = await observeSource(asset, before, context);
    const changed = dataVersion !== before?.dataVersion;
    const { key } = asset;
    return { key, dataVersion, changed, observedAt: isoTime(observedAt), metadata, problem: undefined };
  } catch (error) {
    if (!(error instanceof MillraceError)) throw error;
    return {
      key: asset.key,
      dataVersion: before?.dataVersion,
      changed: false,
      observedAt: before === undefined ? undefined : isoTime(before.observedAt),
      metadata: before?.metadata ?? {},
      problem: error.message,
    };
  }
}
