import type { AssetDefinition } from "../../core/asset/asset-definition.ts";
import { parseSnapshotRef } from "../../core/catalog/snapshot-ref.ts";
import { MillraceError } from "../../core/errors.ts";
import { cutTo, overlaps, type PartitionRange } from "../../core/partition/range.ts";
import { knownAsset } from "../../core/plan/known-asset.ts";
import type { CatalogHead, PlacedVersion } from "../../ports/state/catalog-store.ts";
import type { ControlContext } from "../control-context.ts";

/** One side of a comparison: what an asset was, somewhere in its history. */
export interface VersionSide {
  /** "version 3f2a91c4", "snapshot 12", "the version before". */
  readonly label: string;
  readonly pieces: readonly PlacedVersion[];
}

/**
 * What is current at a snapshot (a number, a token, a pinned name, a time), or one version by its id or the beginning of
 * it. A name that is pinned goes before an id.
 *
 * @throws SNAPSHOT_GONE, SNAPSHOT_NOT_FOUND, VERSION_NOT_FOUND, VERSION_AMBIGUOUS
 */
export async function sideOf(
  text: string,
  asset: AssetDefinition,
  within: PartitionRange | undefined,
  context: ControlContext,
): Promise<VersionSide> {
  const snapshot = await findSnapshot(text, context);
  if (snapshot !== undefined) return snapshotSide(snapshot.number, asset, within, context);
  const { assetId } = knownAsset(context.known, asset);
  const [version, ...others] = await context.state.catalog.findVersions(assetId, text);
  if (version === undefined) throw new MillraceError("VERSION_NOT_FOUND", { key: asset.key, version: text });
  if (others.length > 0) {
    const versions = [version, ...others].map(({ id }) => id).join(", ");
    throw new MillraceError("VERSION_AMBIGUOUS", { version: text, versions });
  }
  return { label: `version ${version.id.slice(0, 8)}`, pieces: [{ range: version.range, version }] };
}

export async function snapshotSide(
  snapshot: number,
  asset: AssetDefinition,
  within: PartitionRange | undefined,
  { state, scope, known }: ControlContext,
): Promise<VersionSide> {
  const place = knownAsset(known, asset);
  const current = await state.catalog.current(scope, snapshot, [place.assetId]);
  const pieces = current.filter(({ version }) => version.spaceId === place.spaceId);
  return { label: `snapshot ${snapshot}`, pieces: cutPieces(pieces, within) };
}

/** For each place that has one, the version before its current one. */
export async function earlierSide(
  asset: AssetDefinition,
  within: PartitionRange | undefined,
  { state, scope, known }: ControlContext,
): Promise<VersionSide> {
  const pieces = cutPieces(await state.catalog.earlier(scope, knownAsset(known, asset)), within);
  if (pieces.length > 0) return { label: "the version before", pieces };
  throw new MillraceError("VERSION_NOT_FOUND", { key: asset.key, version: "before the current one" });
}

function cutPieces(
  pieces: readonly PlacedVersion[],
  within: PartitionRange | undefined,
): readonly PlacedVersion[] {
  if (within === undefined) return pieces;
  return pieces
    .filter(({ range }) => overlaps(range, within))
    .map(({ range, version }) => ({ range: cutTo(range, within), version }));
}

/** Undefined where the text names no snapshot, and may be the beginning of a version's id. */
async function findSnapshot(text: string, context: ControlContext): Promise<CatalogHead | undefined> {
  try {
    return await context.state.snapshots.resolve(context.scope, parseSnapshotRef(text));
  } catch (error) {
    const couldBeId = /^[0-9a-f][0-9a-f-]*$/i.test(text);
    const unknown = error instanceof MillraceError && /^SNAPSHOT_(INVALID|NOT_FOUND)$/.test(error.code);
    if (unknown && couldBeId) return undefined;
    throw error;
  }
}
