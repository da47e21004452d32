import { MillraceError } from "../../core/errors.ts";
import type { PartitionRange } from "../../core/partition/range.ts";
import type { HoldTarget } from "../../ports/state/hold-store.ts";
import type { Scope } from "../../ports/state/project-store.ts";
import { rangeOfRow, type RangeRow } from "../database/range-row.ts";
import { requireSnapshot } from "../snapshots/require-snapshot.ts";
import { all, asTable, forRows, type Script } from "../database/script.ts";
import { type ShownPiece, shownPieces } from "./shown-pieces.ts";
import { validAt } from "./valid-at.ts";

/** Where a version is or was current, and what counts of it. */
export interface FormerPlace {
  readonly assetId: number;
  readonly spaceId: number;
  readonly range: PartitionRange;
  readonly versionId: string;
  readonly sequence: number;
  readonly dataVersion: string;
  /** Of the whole version, which holds this range. */
  readonly whole: PartitionRange;
  readonly rowCount: number | undefined;
}

interface PlaceRow extends RangeRow {
  readonly asset_id: number;
  readonly space_id: number;
  readonly id: string;
  readonly sequence: number;
  readonly state: string;
  readonly data_version: string | null;
  readonly whole_from: number;
  readonly whole_to: number;
  readonly row_count: number | null;
  readonly condemned_at: number | null;
}

const ofVersion = `v.id, v.sequence, v.state, v.data_version, v.range_from as whole_from, v.range_to as whole_to,
  v.row_count, v.condemned_at`;
const ofPointer = `p.asset_id, p.space_id, p.slice, p.range_from, p.range_to, ${ofVersion}`;

/** At a snapshot. @throws SNAPSHOT_GONE */
export function* readPlacesAt(
  scope: Scope,
  snapshot: number,
  assetIds: readonly number[],
): Script<readonly FormerPlace[]> {
  yield* requireSnapshot(scope, snapshot, assetIds);
  return yield* placesAt(scope, snapshot, assetIds);
}

function* placesAt(
  scope: Scope,
  snapshot: number,
  assetIds: readonly number[],
): Script<readonly FormerPlace[]> {
  const pieces = yield* shownPieces(
    scope,
    snapshot,
    (from, at) => piecesAt(from, at, assetIds),
    (piece, range) => ({ ...piece, range }),
  );
  return pieces.flatMap(({ row, range }) => (row === undefined ? [] : [{ ...formerPlace(row), range }]));
}

interface PlacePiece extends ShownPiece {
  readonly row: PlaceRow | undefined;
}

function* piecesAt(
  scope: Scope,
  at: number | "now",
  assetIds: readonly number[],
): Script<readonly PlacePiece[]> {
  const valid = validAt("pointer", scope, at, assetIds);
  const rows = yield* all<PlaceRow | (Omit<PlaceRow, "id"> & { readonly id: null })>(
    `${valid.rows} select ${ofPointer} from ${valid.source} p left join version v on v.id = p.version_id`,
    ...valid.params,
  );
  return rows.map((row) => ({
    assetId: row.asset_id,
    spaceId: row.space_id,
    range: rangeOfRow(row),
    versionId: row.id ?? undefined,
    row: row.id === null ? undefined : row,
  }));
}

/**
 * All that was current once and no longer is, as far back as snapshots are kept: here, and in the base of this
 * environment up to the snapshot on which it is based (N11). With what the base shows, though it may still be current.
 */
export function* readFormerPlaces(
  scope: Scope,
  assetIds: readonly number[],
  until: number = Number.MAX_SAFE_INTEGER,
): Script<readonly FormerPlace[]> {
  const rows = yield* forRows<PlaceRow>(
    `with r as {rows asset_id integer}
     select ${ofPointer}
     from r {join} pointer p on p.environment_id = ? and p.asset_id = r.asset_id and p.valid_to is not null
       and p.valid_to <= ? and p.condemned_at is null
     join version v on v.id = p.version_id and v.state = 'published'`,
    [...new Set(assetIds)].map((id) => [id]),
    scope.environmentId,
    until,
  );
  const own = rows.map(formerPlace);
  const { base } = scope;
  if (base === undefined) return own;
  return [
    ...own,
    ...(yield* placesAt(base.scope, base.snapshot, assetIds)),
    ...(yield* readFormerPlaces(base.scope, assetIds, base.snapshot)),
  ];
}

/** The version of an asset whose id begins so, which must have been current once: here, or in a base. */
export function* findFormerVersion(scope: Scope, target: HoldTarget, versionId: string): Script<FormerPlace> {
  const rows = yield* all<PlaceRow>(
    `with e as {rows id integer}
     select v.asset_id, v.space_id, v.slice, v.range_from, v.range_to, ${ofVersion}
     from version v where v.asset_id = ? and substr(v.id, 1, ?) = ? and v.environment_id in (select id from e)
     order by v.sequence limit 5`,
    asTable(lineOf(scope).map((id) => [id])),
    target.assetId,
    versionId.length,
    versionId,
  );
  const [row, ...others] = rows;
  const { key } = target;
  if (row === undefined) throw new MillraceError("VERSION_NOT_FOUND", { key, version: versionId });
  if (others.length > 0) {
    const versions = rows.map(({ id }) => id).join(", ");
    throw new MillraceError("VERSION_AMBIGUOUS", { version: versionId, versions });
  }
  if (row.state !== "published") {
    throw new MillraceError("VERSION_NEVER_CURRENT", { key, version: row.id, state: row.state });
  }
  if (row.condemned_at !== null) throw new MillraceError("VERSION_GONE", { key, version: row.id });
  return formerPlace(row);
}

/** An environment and all that it is based on. */
function lineOf({ environmentId, base }: Scope): readonly number[] {
  return [environmentId, ...(base === undefined ? [] : lineOf(base.scope))];
}

function formerPlace(row: PlaceRow): FormerPlace {
  return {
    assetId: row.asset_id,
    spaceId: row.space_id,
    range: rangeOfRow(row),
    versionId: row.id,
    sequence: row.sequence,
    dataVersion: row.data_version ?? "",
    whole: { slice: row.slice, from: row.whole_from, to: row.whole_to },
    rowCount: row.row_count ?? undefined,
  };
}
