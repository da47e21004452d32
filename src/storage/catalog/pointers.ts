import type { Hold } from "../../core/catalog/hold.ts";
import type { PlacedAsset } from "../../core/catalog/catalog-view.ts";
import { Overlaps } from "../../core/partition/overlaps.ts";
import { compareRanges, type PartitionRange } from "../../core/partition/range.ts";
import type { Scope } from "../../ports/state/project-store.ts";
import { rangeOfRow, type RangeRow } from "../database/range-row.ts";
import { all, forRows, runRows, type Script } from "../database/script.ts";
import { shownPieces } from "./shown-pieces.ts";
import { validAt } from "./valid-at.ts";

/** A pointer that still holds, with what is asked of its version when another takes its place. */
export interface OpenPointer {
  /** With where its range begins, it tells pieces of one snapshot apart. */
  readonly id: number;
  /** Of the environment itself; else it shows through from its base (N11), and is not there to be changed. */
  readonly own: boolean;
  readonly assetId: number;
  readonly spaceId: number;
  readonly range: PartitionRange;
  /** Undefined where a rollback left nothing and holds it so, and where an environment shows nothing of its base. */
  readonly versionId: string | undefined;
  /** Place of the version among all, in order of making. */
  readonly sequence: number | undefined;
  readonly since: number;
  readonly publishedAt: number;
  /** The first snapshot in which it lies as it does. */
  readonly validFrom: number;
  readonly hold: Hold | undefined;
  readonly dataVersion: string;
  /** Of the columns of a table. */
  readonly schemaHash: string | undefined;
  /** Rows of it, where it holds for the version's whole range. */
  readonly rowCount: number | undefined;
}

/** A range of an asset's partitions. */
export interface AssetRange {
  readonly assetId: number;
  readonly spaceId: number;
  readonly range: PartitionRange;
}

interface PointerRow extends RangeRow {
  readonly wanted: number;
  readonly id: number;
  readonly asset_id: number;
  readonly space_id: number;
  readonly version_id: string | null;
  readonly sequence: number | null;
  readonly since: number;
  readonly published_at: number;
  readonly valid_from: number;
  readonly held_at: number | null;
  readonly held_by: string | null;
  readonly hold_reason: string | null;
  readonly data_version: string | null;
  readonly schema_hash: string | null;
  readonly row_count: number | null;
}

const columns = `p.id, p.asset_id, p.space_id, p.slice, p.range_from, p.range_to, p.version_id,
  v.sequence, p.since, p.published_at, p.valid_from, p.held_at, p.held_by, p.hold_reason, v.data_version,
  p.schema_hash,
  case when v.range_from = p.range_from and v.range_to = p.range_to then v.row_count end as row_count`;

/**
 * The pointers that each of the ranges meets, in the order of `wanted`. Open pointers never overlap, so of those that
 * begin before a range only the last can reach into it: one step in the index, also among a million.
 */
export function* openPointersOver(
  scope: Scope,
  wanted: readonly AssetRange[],
): Script<readonly (readonly OpenPointer[])[]> {
  if (scope.base !== undefined) return yield* shownOver(scope, wanted);
  const rows = yield* forRows<PointerRow>(
    `with r as {rows wanted integer, asset_id integer, space_id integer, slice text, range_from integer,
       range_to integer}
     select r.wanted, ${columns}
     from r
     {join} pointer p on p.environment_id = ? and p.asset_id = r.asset_id and p.space_id = r.space_id
       and p.slice = r.slice and p.valid_to is null and p.range_from < r.range_to
       and p.range_from >= coalesce((
         select max(b.range_from) from pointer b where b.environment_id = ? and b.asset_id = r.asset_id
           and b.space_id = r.space_id and b.slice = r.slice and b.valid_to is null and b.range_from <= r.range_from
       ), r.range_from)
     left join version v on v.id = p.version_id
     where p.range_to > r.range_from
     order by r.wanted, p.range_from`,
    wanted.map(({ assetId, spaceId, range }, index) => [
      index,
      assetId,
      spaceId,
      range.slice,
      range.from,
      range.to,
    ]),
    scope.environmentId,
    scope.environmentId,
  );
  const found: OpenPointer[][] = wanted.map(() => []);
  for (const row of rows) found[row.wanted]?.push(openPointer(row));
  return found;
}

/** The same where others show through: what is left of them depends on all that lies over them. */
function* shownOver(
  scope: Scope,
  wanted: readonly AssetRange[],
): Script<readonly (readonly OpenPointer[])[]> {
  const open = yield* openPointersOf(scope, [...new Set(wanted.map(({ assetId }) => assetId))]);
  const placeKey = ({ assetId, spaceId }: PlacedAsset): string => `${assetId} ${spaceId}`;
  const byPlace = new Map([...Map.groupBy(open, placeKey)].map(([key, own]) => [key, new Overlaps(own)]));
  return wanted.map((place) => {
    const over = byPlace.get(placeKey(place))?.over(place.range) ?? [];
    return over.sort((a, b) => compareRanges(a.range, b.range));
  });
}

/** All of some assets, in whatever space. */
export function* openPointersOf(scope: Scope, assetIds: readonly number[]): Script<readonly OpenPointer[]> {
  if (assetIds.length === 0) return [];
  return yield* shownPieces(scope, "now", (from, at) => readPointers(from, at, assetIds), inherited);
}

function* readPointers(
  scope: Scope,
  at: number | "now",
  assetIds: readonly number[],
): Script<readonly OpenPointer[]> {
  const valid = validAt("pointer", scope, at, assetIds);
  const rows = yield* all<PointerRow>(
    `${valid.rows} select ${columns} from ${valid.source} p left join version v on v.id = p.version_id`,
    ...valid.params,
  );
  return rows.map(openPointer);
}

/** A hold binds the environment in which it was laid. Of a part of a version nobody knows the rows. */
function inherited(pointer: OpenPointer, range: PartitionRange): OpenPointer {
  const isWhole = range.from === pointer.range.from && range.to === pointer.range.to;
  const rowCount = isWhole ? pointer.rowCount : undefined;
  return { ...pointer, range, rowCount, hold: undefined, own: false };
}

/** Each once, though several ranges meet it. */
export function distinctPointers(found: readonly (readonly OpenPointer[])[]): readonly OpenPointer[] {
  return [
    ...new Map(found.flat().map((pointer) => [`${pointer.id} ${pointer.range.from}`, pointer])).values(),
  ];
}

/** Shows nothing, and keeps nobody from coming there. */
export function isTombstone({
  versionId,
  hold,
}: {
  readonly versionId: string | undefined;
  readonly hold?: Hold | undefined;
}): boolean {
  return versionId === undefined && hold === undefined;
}

function openPointer(row: PointerRow): OpenPointer {
  return {
    id: row.id,
    own: true,
    assetId: row.asset_id,
    spaceId: row.space_id,
    range: rangeOfRow(row),
    versionId: row.version_id ?? undefined,
    sequence: row.sequence ?? undefined,
    since: row.since,
    publishedAt: row.published_at,
    validFrom: row.valid_from,
    hold: holdOf(row),
    dataVersion: row.data_version ?? "",
    schemaHash: row.schema_hash ?? undefined,
    rowCount: row.row_count ?? undefined,
  };
}

/** A hold as a pointer's row has it. */
export function holdOf(row: {
  readonly held_at: number | null;
  readonly held_by: string | null;
  readonly hold_reason: string | null;
}): Hold | undefined {
  if (row.held_at === null) return undefined;
  return { by: row.held_by ?? "", reason: row.hold_reason ?? "", at: row.held_at };
}

export type NewPointer = Pick<
  OpenPointer,
  "assetId" | "spaceId" | "range" | "versionId" | "since" | "publishedAt" | "hold"
>;

/** From snapshot `number` on, `ended` hold no longer and `opened` do; what shows through just lies under them. */
export function* writePointers(
  scope: Scope,
  number: number,
  ended: readonly OpenPointer[],
  opened: readonly NewPointer[],
): Script<void> {
  yield* runRows(
    "with r as {rows id integer} update pointer set valid_to = ? from r where pointer.id = r.id",
    ended.filter(({ own }) => own).map(({ id }) => [id]),
    number,
  );
  yield* insertPointers(
    scope,
    opened.map((pointer) => ({ ...pointer, validFrom: number })),
  );
}

type LaidPointer = NewPointer & Pick<OpenPointer, "validFrom">;

/** Lays the same pointers otherwise, with other borders or holds: no snapshot shows a difference. */
export function* rewritePointers(
  scope: Scope,
  before: readonly OpenPointer[],
  after: readonly LaidPointer[],
): Script<void> {
  yield* runRows(
    "with r as {rows id integer} delete from pointer where id in (select id from r)",
    before.map(({ id }) => [id]),
  );
  yield* insertPointers(scope, after);
}

function* insertPointers(scope: Scope, pointers: readonly LaidPointer[]): Script<void> {
  yield* runRows(
    `with r as {rows asset_id integer, space_id integer, slice text, range_from integer, range_to integer,
       version_id text, since integer, published_at integer, valid_from integer, held_at integer, held_by text,
       hold_reason text}
     insert into pointer (environment_id, asset_id, space_id, slice, range_from, range_to, version_id, since,
       published_at, valid_from, held_at, held_by, hold_reason, schema_hash)
     select ?, asset_id, space_id, slice, range_from, range_to, version_id, since, published_at, valid_from, held_at,
       held_by, hold_reason, (select v.schema_hash from version v where v.id = r.version_id)
     from r`,
    pointers.map(({ assetId, spaceId, range, versionId, since, publishedAt, validFrom, hold }) => [
      assetId,
      spaceId,
      range.slice,
      range.from,
      range.to,
      versionId,
      since,
      publishedAt,
      validFrom,
      hold?.at,
      hold?.by,
      hold?.reason,
    ]),
    scope.environmentId,
  );
}
