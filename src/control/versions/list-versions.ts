import { isExternal } from "../../core/asset/asset-definition.ts";
import type { VersionRecord } from "../../core/catalog/version.ts";
import { MillraceError } from "../../core/errors.ts";
import type { StoredMetadata } from "../../core/metadata/metadata-value.ts";
import { overlaps } from "../../core/partition/range.ts";
import { knownAsset } from "../../core/plan/known-asset.ts";
import { refusePartitions, wantedRanges } from "../../core/plan/wanted-ranges.ts";
import type { ControlContext } from "../control-context.ts";
import { isoTime } from "../iso-time.ts";
import { partitionName } from "../snapshots/named-places.ts";
import { resolveSnapshot } from "../snapshots/resolve-snapshot.ts";

export interface VersionsRequest {
  readonly key: string;
  /** One partition only. */
  readonly partition?: string;
  /** Which are current is told of this snapshot: a number, token, pinned name or time; the newest when absent. */
  readonly asOf?: string;
  readonly limit: number;
  /** Only versions made before this one: the next page. */
  readonly before?: string;
}

/** One version in a list. Times are ISO 8601. */
export interface VersionSummary {
  readonly versionId: string;
  readonly partition: string | undefined;
  /**
   * `current`: read at the snapshot, at least some of it. `held`: current, and kept so by a rollback. `former`: was
   * current once. `waiting`: left staged, because a rollback holds its place.
   */
  readonly state: "current" | "held" | "former" | "waiting" | Exclude<VersionRecord["state"], "published">;
  /** Why it was rejected, superseded or left staged; who holds it. */
  readonly reason: string | undefined;
  readonly rowCount: number | undefined;
  /** How many of the rows it added to those that were there; undefined where all were written anew. */
  readonly addedRows: number | undefined;
  readonly bytes: number | undefined;
  readonly dataVersion: string | undefined;
  readonly codeVersion: string | undefined;
  /** Equal for versions that were made with equal config; undefined where its code takes none. */
  readonly configHash: string | undefined;
  /** The same of the data-affecting resources that its code works with. */
  readonly resourceHash: string | undefined;
  readonly runId: string;
  /** What was kept about it, in its stored form. */
  readonly metadata: StoredMetadata;
  readonly madeAt: string;
  /** When it was first made current. */
  readonly publishedAt: string | undefined;
}

export interface VersionListing {
  readonly asset: string;
  readonly snapshot: number;
  /** Newest first. */
  readonly versions: readonly VersionSummary[];
  /** Give it as `before` for those that come after these; undefined on the last page. */
  readonly next: string | undefined;
}

/**
 * Everything that was made of an asset, whatever became of it.
 *
 * @throws ASSET_NOT_FOUND, SELECTION_EXTERNAL, PARTITION_UNKNOWN, PARTITION_NEEDED, SNAPSHOT_INVALID, SNAPSHOT_NOT_FOUND,
 *   SNAPSHOT_GONE
 */
export async function listVersions(
  request: VersionsRequest,
  context: ControlContext,
): Promise<VersionListing> {
  const { key, limit, before } = request;
  const { state, scope } = context;
  const asset = context.graph.byKey.get(key);
  if (asset === undefined) throw new MillraceError("ASSET_NOT_FOUND", { key });
  if (isExternal(asset)) throw new MillraceError("SELECTION_EXTERNAL", { selection: key });
  const place = knownAsset(context.known, asset);
  const range = partitionRange(request, context);
  const { number } = await resolveSnapshot(request.asOf, context);
  const records = await state.catalog.versions(scope, place.assetId, limit + 1, {
    ...(before === undefined ? {} : { before }),
    ...(range === undefined ? {} : { within: { spaceId: place.spaceId, range } }),
  });
  const pointers = await state.catalog.current(scope, number, [place.assetId]);
  const current = new Map(
    pointers
      .filter((pointer) => range === undefined || overlaps(pointer.range, range))
      .map((pointer) => [pointer.version.id, pointer]),
  );
  const page = records.slice(0, limit);
  return {
    asset: key,
    snapshot: number,
    versions: page.map((version): VersionSummary => {
      const pointer = current.get(version.id);
      return {
        versionId: version.id,
        partition: version.spaceId === place.spaceId ? partitionName(version.range, place) : undefined,
        state: stateOf(version, pointer !== undefined, pointer?.hold !== undefined),
        reason:
          pointer?.hold === undefined
            ? version.stateReason
            : [pointer.hold.by, pointer.hold.reason].filter((text) => text !== "").join(": "),
        rowCount: version.rowCount,
        addedRows: addedRows(version),
        bytes: version.bytes,
        dataVersion: version.dataVersion,
        codeVersion: version.codeVersion,
        configHash: version.configHash,
        resourceHash: version.resourceHash,
        runId: version.runId,
        metadata: version.metadata ?? {},
        madeAt: isoTime(version.stagedAt ?? version.createdAt),
        publishedAt: version.publishedAt === undefined ? undefined : isoTime(version.publishedAt),
      };
    }),
    next: records.length > limit ? page.at(-1)?.id : undefined,
  };
}

function addedRows({ rowCount, base }: VersionRecord): number | undefined {
  return base === undefined || rowCount === undefined ? undefined : rowCount - (base.rowCount ?? 0);
}

function partitionRange({ key, partition }: VersionsRequest, { graph, known, clock }: ControlContext) {
  const asset = graph.byKey.get(key);
  if (asset === undefined || partition === undefined) return undefined;
  const partitions = { from: partition, to: partition };
  refusePartitions([asset], partitions);
  const [range] = wantedRanges(asset, { partitions, known, now: clock.now() }).ranges;
  return range;
}

function stateOf(version: VersionRecord, isCurrent: boolean, isHeld: boolean): VersionSummary["state"] {
  if (isCurrent) return isHeld ? "held" : "current";
  if (version.state === "published") return "former";
  return version.state === "staged" && version.withheldAt !== undefined ? "waiting" : version.state;
}
