import type { CurrentVersion } from "../../core/catalog/version.ts";
import type { CurrentSummary } from "../../ports/state/catalog-store.ts";
import type { Scope } from "../../ports/state/project-store.ts";
import { shownAggregates } from "./aggregates.ts";
import { holdOf } from "./pointers.ts";
import type { RangeRow } from "../database/range-row.ts";
import { requireSnapshot } from "../snapshots/require-snapshot.ts";
import { all, type Script } from "../database/script.ts";
import { type ShownPiece, shownPieces } from "./shown-pieces.ts";
import { validAt } from "./valid-at.ts";
import { versionColumns, versionRecords, type VersionRow } from "./version-rows.ts";

type PlaceColumns = { readonly [Column in keyof RangeRow as `pointer_${Column}`]: RangeRow[Column] };

interface PointerColumns extends PlaceColumns {
  readonly pointer_asset: number;
  readonly pointer_space: number;
  readonly since: number;
  readonly published_at: number;
  readonly held_at: number | null;
  readonly held_by: string | null;
  readonly hold_reason: string | null;
}

type PointerRow = PointerColumns & (VersionRow | { readonly id: null });

interface PointerPiece extends ShownPiece {
  readonly row: PointerRow;
  /** The hold is that of the environment, and not of its base. */
  readonly own: boolean;
}

/** The pointers of a snapshot. */
export function* readCurrent(
  scope: Scope,
  snapshot: number,
  assetIds?: readonly number[],
): Script<readonly CurrentVersion[]> {
  yield* requireSnapshot(scope, snapshot, assetIds);
  if (assetIds?.length === 0) return [];
  const pieces = yield* shownPieces(
    scope,
    snapshot,
    (from, at) => readPieces(from, at, assetIds),
    (piece, range) => ({ ...piece, range, own: false }),
  );
  const versions = yield* versionRecords(pieces.flatMap(({ row }) => (row.id === null ? [] : [row])));
  return pieces.flatMap(({ row, range, own, versionId }) => {
    const version = versionId === undefined ? undefined : versions.get(versionId);
    if (version === undefined) return [];
    const hold = own ? holdOf(row) : undefined;
    const placed = { range, version, since: row.since, publishedAt: row.published_at };
    return [hold === undefined ? placed : { ...placed, hold }];
  });
}

function* readPieces(
  scope: Scope,
  at: number | "now",
  assetIds: readonly number[] | undefined,
): Script<readonly PointerPiece[]> {
  const valid = validAt("pointer", scope, at, assetIds);
  const rows = yield* all<PointerRow>(
    `${valid.rows}
     select p.asset_id as pointer_asset, p.space_id as pointer_space, p.slice as pointer_slice,
       p.range_from as pointer_range_from, p.range_to as pointer_range_to, p.since, p.published_at, p.held_at,
       p.held_by, p.hold_reason, ${versionColumns}
     from ${valid.source} p
     left join version v on v.id = p.version_id left join table_schema c on c.hash = v.schema_hash
     order by p.asset_id, p.slice, p.range_from`,
    ...valid.params,
  );
  return rows.map((row) => ({
    assetId: row.pointer_asset,
    spaceId: row.pointer_space,
    range: { slice: row.pointer_slice, from: row.pointer_range_from, to: row.pointer_range_to },
    versionId: row.id ?? undefined,
    row,
    own: true,
  }));
}

export function* readSummaries(
  scope: Scope,
  snapshot: number,
  assetIds?: readonly number[],
): Script<ReadonlyMap<number, CurrentSummary>> {
  yield* requireSnapshot(scope, snapshot, assetIds);
  const aggregates = yield* shownAggregates(scope, snapshot, assetIds);
  return new Map(
    [...aggregates.values()]
      .filter(({ partitions }) => partitions > 0)
      .map(({ assetId, uncounted, rowCount, ...summary }) => [
        assetId,
        { ...summary, ...(uncounted === 0 ? { rowCount } : {}) },
      ]),
  );
}
