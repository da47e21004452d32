import type { CurrentVersion } from "../core/catalog/version.ts";
import type { CurrentSummary } from "../ports/state/catalog-store.ts";
import type { Scope } from "../ports/state/project-store.ts";
import { MillraceError } from "../core/errors.ts";
import { aggregateColumns, assetAggregate, type AggregateRow } from "./aggregates.ts";
import { holdOf } from "./pointers.ts";
import { all, asTable, first, type Param, type Script } from "./script.ts";
import { versionColumns, versionRecords, type VersionRow } from "./version-rows.ts";

interface PointerRow extends VersionRow {
  readonly pointer_from: number;
  readonly pointer_to: number;
  readonly since: number;
  readonly published_at: number;
  readonly held_at: number | null;
  readonly held_by: string | null;
  readonly hold_reason: string | null;
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
  yield* requireSnapshot(scope, snapshot, assetIds);
  if (assetIds?.length === 0) return [];
  const valid = validAt("pointer", scope, snapshot, assetIds);
  const rows = yield* all<PointerRow>(
    `${valid.rows}
     select p.range_from as pointer_from, p.range_to as pointer_to, p.since, p.published_at, p.held_at, p.held_by,
       p.hold_reason, ${versionColumns}
     from ${valid.source} p
     join version v on v.id = p.version_id left join table_schema c on c.hash = v.schema_hash
     order by p.asset_id, p.slice, p.range_from`,
    ...valid.params,
  );
  const versions = yield* versionRecords(rows);
  return rows.flatMap((row) => {
    const version = versions.get(row.id);
    const range = { slice: row.slice, from: row.pointer_from, to: row.pointer_to };
    if (version === undefined) return [];
    const hold = holdOf(row);
    const placed = { range, version, since: row.since, publishedAt: row.published_at };
    return [hold === undefined ? placed : { ...placed, hold }];
  });
}

interface ValidRows {
  /** Begins the statement. */
  readonly rows: string;
  readonly source: string;
  readonly params: readonly Param[];
}

/** The rows of a table that hold at a snapshot, of some assets or all. */
export function validAt(
  table: "pointer" | "asset_aggregate",
  scope: Scope,
  snapshot: number,
  assetIds: readonly number[] | undefined,
): ValidRows {
  const of =
    assetIds === undefined
      ? `from ${table} t where`
      : `from r {join} ${table} t on t.asset_id = r.asset_id and`;
  const source = `(
    select t.* ${of} t.environment_id = ? and t.valid_to is null and t.valid_from <= ?
    union all
    select t.* ${of} t.environment_id = ? and t.valid_to > ? and t.valid_from <= ?)`;
  const params = [scope.environmentId, snapshot, scope.environmentId, snapshot, snapshot];
  if (assetIds === undefined) return { rows: "", source, params };
  const ids = asTable([...new Set(assetIds)].map((id) => [id]));
  return { rows: "with r as {rows asset_id integer}", source, params: [ids, ...params] };
}

export function* readSummaries(
  scope: Scope,
  snapshot: number,
  assetIds?: readonly number[],
): Script<ReadonlyMap<number, CurrentSummary>> {
  yield* requireSnapshot(scope, snapshot, assetIds);
  const valid = validAt("asset_aggregate", scope, snapshot, assetIds);
  const rows = yield* all<AggregateRow>(
    `${valid.rows}
     select ${aggregateColumns}
     from ${valid.source} g`,
    ...valid.params,
  );
  return new Map(
    rows
      .map(assetAggregate)
      .map(({ assetId, uncounted, rowCount, ...summary }) => [
        assetId,
        { ...summary, ...(uncounted === 0 ? { rowCount } : {}) },
      ]),
  );
}

/** Is all there of these assets, or of any? @throws SNAPSHOT_GONE */
export function* requireSnapshot(scope: Scope, snapshot: number, assetIds?: readonly number[]): Script<void> {
  const row = yield* first<{ partial: number }>(
    "select partial from snapshot where environment_id = ? and number = ?",
    scope.environmentId,
    snapshot,
  );
  if (row === undefined) throw new MillraceError("SNAPSHOT_GONE", { snapshot });
  if (row.partial === 0) return;
  const wanted = assetIds === undefined ? undefined : new Set(assetIds);
  const gone = yield* all<{ asset_id: number; key: string }>(
    `select h.asset_id, a.key from asset_horizon h join asset a on a.id = h.asset_id
     where h.environment_id = ? and h.number > ? order by a.key`,
    scope.environmentId,
    snapshot,
  );
  const lacked = gone.find(({ asset_id }) => wanted?.has(asset_id) ?? true);
  if (lacked !== undefined)
    throw new MillraceError("SNAPSHOT_GONE", { snapshot: `${snapshot} of ${lacked.key}` });
}
