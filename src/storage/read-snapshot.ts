import type { CurrentVersion } from "../core/catalog/version.ts";
import type { AssetSummary } from "../ports/state/catalog-store.ts";
import type { Scope } from "../ports/state/project-store.ts";
import { MillraceError } from "../core/errors.ts";
import { all, asTable, first, type Script } from "./script.ts";
import { versionColumns, versionRecords, type VersionRow } from "./version-rows.ts";

interface PointerRow extends VersionRow {
  readonly pointer_from: number;
  readonly pointer_to: number;
  readonly since: number;
  readonly published_at: number;
}

/**
 * The pointers of a snapshot. Those that are still open and those that ended later are found by an index of their own,
 * so neither the length of the history nor the assets not asked for cost anything.
 */
export function* readCurrent(
  scope: Scope,
  snapshot: number,
  assetIds?: readonly number[],
): Script<readonly CurrentVersion[]> {
  yield* requireSnapshot(scope, snapshot);
  if (assetIds?.length === 0) return [];
  const rows = yield* all<PointerRow>(
    `${assetIds === undefined ? "" : "with r as {rows asset_id integer}"}
     select p.range_from as pointer_from, p.range_to as pointer_to, p.since, p.published_at, ${versionColumns}
     from (
       ${pointersOf(assetIds)} and p.valid_to is null and p.valid_from <= ?
       union all
       ${pointersOf(assetIds)} and p.valid_to > ? and p.valid_from <= ?
     ) p
     join version v on v.id = p.version_id left join table_schema c on c.hash = v.schema_hash
     order by p.asset_id, p.slice, p.range_from`,
    ...(assetIds === undefined ? [] : [asTable([...new Set(assetIds)].map((id) => [id]))]),
    scope.environmentId,
    snapshot,
    scope.environmentId,
    snapshot,
    snapshot,
  );
  const versions = yield* versionRecords(rows);
  return rows.flatMap((row) => {
    const version = versions.get(row.id);
    const range = { slice: row.slice, from: row.pointer_from, to: row.pointer_to };
    return version === undefined ? [] : [{ range, version, since: row.since, publishedAt: row.published_at }];
  });
}

function pointersOf(assetIds: readonly number[] | undefined): string {
  return assetIds === undefined
    ? "select p.* from pointer p where p.environment_id = ?"
    : "select p.* from r join pointer p on p.asset_id = r.asset_id where p.environment_id = ?";
}

interface SummaryRow {
  readonly asset_id: number;
  readonly space_id: number;
  readonly data_version: string;
  readonly partitions: number;
  readonly row_count: number;
  readonly uncounted_pieces: number;
}

export function* readSummaries(
  scope: Scope,
  snapshot: number,
  assetIds?: readonly number[],
): Script<ReadonlyMap<number, AssetSummary>> {
  yield* requireSnapshot(scope, snapshot);
  const rows = yield* all<SummaryRow>(
    `${assetIds === undefined ? "" : "with r as {rows asset_id integer}"}
     select g.asset_id, g.space_id, g.data_version, g.partitions, g.row_count, g.uncounted_pieces
     from ${assetIds === undefined ? "asset_aggregate g" : "r join asset_aggregate g on g.asset_id = r.asset_id"}
     where g.environment_id = ? and g.valid_from <= ? and (g.valid_to is null or g.valid_to > ?)`,
    ...(assetIds === undefined ? [] : [asTable([...new Set(assetIds)].map((id) => [id]))]),
    scope.environmentId,
    snapshot,
    snapshot,
  );
  return new Map(
    rows.map((row) => [
      row.asset_id,
      {
        spaceId: row.space_id,
        dataVersion: row.data_version,
        partitions: row.partitions,
        ...(row.uncounted_pieces === 0 ? { rowCount: row.row_count } : {}),
      },
    ]),
  );
}

function* requireSnapshot(scope: Scope, snapshot: number): Script<void> {
  const row = yield* first(
    "select number from snapshot where environment_id = ? and number = ?",
    scope.environmentId,
    snapshot,
  );
  if (row === undefined) throw new MillraceError("SNAPSHOT_GONE", { snapshot });
}
