import { MillraceError } from "../core/errors.ts";
import type { PartitionRange } from "../core/partition/range.ts";
import type { HoldTarget } from "../ports/state/hold-store.ts";
import type { Scope } from "../ports/state/project-store.ts";
import { rangeOfRow, type RangeRow } from "./range-row.ts";
import { requireSnapshot, validAt } from "./read-snapshot.ts";
import { all, forRows, type Script } from "./script.ts";

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
  const valid = validAt("pointer", scope, snapshot, assetIds);
  const rows = yield* all<PlaceRow>(
    `${valid.rows} select ${ofPointer} from ${valid.source} p join version v on v.id = p.version_id`,
    ...valid.params,
  );
  return rows.map(formerPlace);
}

/** All that was current once and no longer is, as far back as snapshots are kept. */
export function* readFormerPlaces(scope: Scope, assetIds: readonly number[]): Script<readonly FormerPlace[]> {
  const rows = yield* forRows<PlaceRow>(
    `with r as {rows asset_id integer}
     select ${ofPointer}
     from r {join} pointer p on p.environment_id = ? and p.asset_id = r.asset_id and p.valid_to is not null
       and p.condemned_at is null
     join version v on v.id = p.version_id and v.state = 'published'`,
    [...new Set(assetIds)].map((id) => [id]),
    scope.environmentId,
  );
  return rows.map(formerPlace);
}

/** The version of an asset whose id begins so, which must have been current once. */
export function* findFormerVersion(target: HoldTarget, versionId: string): Script<FormerPlace> {
  const rows = yield* all<PlaceRow>(
    `select v.asset_id, v.space_id, v.slice, v.range_from, v.range_to, ${ofVersion}
     from version v where v.asset_id = ? and substr(v.id, 1, ?) = ? order by v.sequence limit 5`,
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
