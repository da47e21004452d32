import type { AssetDefinition } from "../../core/asset/asset-definition.ts";
import { CatalogView } from "../../core/catalog/catalog-view.ts";
import { packLimits, planPacks, type PackablePart, type PackLimits } from "../../core/catalog/plan-packs.ts";
import { readableParts } from "../../core/catalog/readable-part.ts";
import { knownAsset } from "../../core/plan/known-asset.ts";
import { chooseAssets } from "../planning/choose.ts";
import type { ControlContext } from "../control-context.ts";
import { packVersions } from "./pack-versions.ts";
import type { ContentReading } from "../versions/verify-version.ts";
import type { DamagedVersion } from "../versions/verify.ts";

export interface CompactRequest {
  readonly selection: string;
  /** Say what would be packed, and change nothing. */
  readonly dryRun?: boolean;
  /** How large packs are to be; `packLimits` when absent. */
  readonly limits?: PackLimits;
  /** Told after each pack. */
  readonly report?: (progress: CompactedAsset) => void;
  /** Once aborted, no further pack is begun. */
  readonly signal?: AbortSignal;
}

/** What was packed of one asset, or (a dry run) would be. */
export interface CompactedAsset {
  readonly asset: string;
  /** Versions that lie in packs now, and in how many. */
  readonly versions: number;
  readonly packs: number;
  /** Files that nobody needs any more: removed by a collection a grace later. Undefined in a dry run. */
  readonly files: number | undefined;
  /** Bytes of the versions that were looked at, and of the packs. */
  readonly bytesBefore: number;
  readonly bytes: number | undefined;
}

export interface Compaction {
  readonly dryRun: boolean;
  readonly snapshot: number;
  /** Those of which something was packed. */
  readonly assets: readonly CompactedAsset[];
  /** Left as they are: they are not what was written. */
  readonly damaged: readonly DamagedVersion[];
  /** From when on the files of before can be removed. */
  readonly graceMs: number;
}

/**
 * Lets many small versions of a table lie in a few files, so that reading all of them costs about as much as reading one
 * (N1). What readers see stays the same: versions, data versions, the order of rows. Can be stopped anywhere and begun
 * again, and be run while others do anything else.
 *
 * @throws SELECTION_INVALID, SELECTION_EMPTY, SELECTION_ENDPOINTS, STORE_FULL
 */
export async function compact(
  request: CompactRequest,
  context: ControlContext,
  reading: ContentReading,
): Promise<Compaction> {
  const { dryRun = false, limits = packLimits, report = () => undefined, signal } = request;
  const { state, scope, known, project } = context;
  const tables = (await chooseAssets(request.selection, context)).filter(({ kind, body }) => {
    return kind === "table" && body.body !== "external";
  });
  const { number } = await state.catalog.head(scope);
  const assets: CompactedAsset[] = [];
  const damaged: DamagedVersion[] = [];
  for (const asset of tables) {
    let done = nothingOf(asset);
    for (const members of await packsOf(asset)) {
      if (signal?.aborted === true) break;
      const before = members.reduce((sum, { bytes }) => sum + bytes, 0);
      if (dryRun) {
        const packed = { packs: 1, versions: members.length, files: undefined, bytes: undefined };
        done = added(done, packed, before);
        continue;
      }
      const packed = await packVersions(asset.key, members, { context, ...reading, signal });
      damaged.push(...packed.damaged);
      if (packed.packs > 0) report((done = added(done, packed, before)));
    }
    if (done.packs > 0) assets.push(done);
  }
  return { dryRun, snapshot: number, assets, damaged, graceMs: project.graceMs };

  async function packsOf(asset: AssetDefinition): Promise<readonly (readonly PackablePart[])[]> {
    const placed = knownAsset(known, asset);
    const view = new CatalogView(number, await state.catalog.current(scope, number, [placed.assetId]));
    return planPacks(readableParts(view.pieces(placed), placed.space), reading.store.name, limits);
  }
}

function nothingOf({ key }: AssetDefinition): CompactedAsset {
  return { asset: key, versions: 0, packs: 0, files: undefined, bytesBefore: 0, bytes: undefined };
}

function added(
  done: CompactedAsset,
  { packs, versions, files, bytes }: Pick<CompactedAsset, "packs" | "versions" | "files" | "bytes">,
  bytesBefore: number,
): CompactedAsset {
  return {
    ...done,
    versions: done.versions + versions,
    packs: done.packs + packs,
    files: files === undefined ? done.files : (done.files ?? 0) + files,
    bytesBefore: done.bytesBefore + bytesBefore,
    bytes: bytes === undefined ? done.bytes : (done.bytes ?? 0) + bytes,
  };
}
