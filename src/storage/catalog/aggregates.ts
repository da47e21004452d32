import { Aggregate } from "../../core/catalog/aggregate.ts";
import type { PartitionRange } from "../../core/partition/range.ts";
import type { Scope } from "../../ports/state/project-store.ts";
import { all, runRows, type Script } from "../database/script.ts";
import { validAt } from "./valid-at.ts";

/** What counts of a pointer. One that points at nothing does not count. */
export interface CountedPiece {
  readonly range: PartitionRange;
  readonly versionId: string | undefined;
  readonly dataVersion: string;
  readonly rowCount: number | undefined;
}

/** An asset's pieces in a few numbers; kept beside the pointers and changed with them (N10). */
export interface AssetAggregate {
  readonly assetId: number;
  readonly spaceId: number;
  readonly dataVersion: string;
  readonly partitions: number;
  readonly rowCount: number;
  /** Pieces whose rows are not known: parts of a version. */
  readonly uncounted: number;
}

interface AggregateRow {
  readonly asset_id: number;
  readonly space_id: number;
  readonly data_version: string;
  readonly partitions: number;
  readonly row_count: number;
  readonly uncounted_pieces: number;
}

/**
 * By asset, at a snapshot or now; of some assets or all. An environment has an aggregate of its own from its first
 * publish of an asset on, which counts what shows through as well; until then that of its base holds (N11).
 */
export function* shownAggregates(
  scope: Scope,
  at: number | "now",
  assetIds?: readonly number[],
): Script<ReadonlyMap<number, AssetAggregate>> {
  if (assetIds?.length === 0) return new Map();
  const { base } = scope;
  if (base !== undefined && at !== "now" && at < base.snapshot)
    return yield* shownAggregates(base.scope, at, assetIds);
  const valid = validAt("asset_aggregate", scope, at, assetIds);
  const rows = yield* all<AggregateRow>(
    `${valid.rows}
     select g.asset_id, g.space_id, g.data_version, g.partitions, g.row_count, g.uncounted_pieces
     from ${valid.source} g`,
    ...valid.params,
  );
  const own = rows.map((row): [number, AssetAggregate] => [row.asset_id, assetAggregate(row)]);
  const before = base === undefined ? [] : yield* shownAggregates(base.scope, base.snapshot, assetIds);
  return new Map([...before, ...own]);
}

function assetAggregate(row: AggregateRow): AssetAggregate {
  return {
    assetId: row.asset_id,
    spaceId: row.space_id,
    dataVersion: row.data_version,
    partitions: row.partitions,
    rowCount: row.row_count,
    uncounted: row.uncounted_pieces,
  };
}

/** Takes pieces away and adds others, whatever else there is. */
export function recount(
  before: Omit<AssetAggregate, "assetId" | "spaceId"> | undefined,
  removed: readonly CountedPiece[],
  added: readonly CountedPiece[],
): Omit<AssetAggregate, "assetId" | "spaceId"> {
  const sum = before === undefined ? Aggregate.empty() : Aggregate.parse(before.dataVersion);
  let { partitions, rowCount, uncounted } = before ?? { partitions: 0, rowCount: 0, uncounted: 0 };
  const count = (piece: CountedPiece, sign: 1 | -1): void => {
    partitions += sign * (piece.range.to - piece.range.from);
    rowCount += sign * (piece.rowCount ?? 0);
    uncounted += piece.rowCount === undefined ? sign : 0;
  };
  const counts = (piece: CountedPiece): boolean => piece.versionId !== undefined;
  for (const piece of removed.filter(counts)) {
    sum.remove(piece);
    count(piece, -1);
  }
  for (const piece of added.filter(counts)) {
    sum.add(piece);
    count(piece, 1);
  }
  return { dataVersion: sum.toString(), partitions, rowCount, uncounted };
}

/** From snapshot `number` on. An asset without partitions left has none, except where that of a base would hold again. */
export function* writeAggregates(
  scope: Scope,
  number: number,
  aggregates: readonly AssetAggregate[],
): Script<void> {
  yield* runRows(
    `with r as {rows environment_id integer, asset_id integer} update asset_aggregate set valid_to = ? from r
     where asset_aggregate.environment_id = r.environment_id and asset_aggregate.asset_id = r.asset_id
       and asset_aggregate.valid_to is null`,
    aggregates.map(({ assetId }) => [scope.environmentId, assetId]),
    number,
  );
  yield* runRows(
    `with r as {rows asset_id integer, space_id integer, data_version text, partitions integer, row_count integer,
       uncounted_pieces integer}
     insert into asset_aggregate (environment_id, valid_from, asset_id, space_id, data_version, partitions, row_count,
       uncounted_pieces)
     select ?, ?, asset_id, space_id, data_version, partitions, row_count, uncounted_pieces from r`,
    aggregates
      .filter(({ partitions }) => partitions > 0 || scope.base !== undefined)
      .map((aggregate) => [
        aggregate.assetId,
        aggregate.spaceId,
        aggregate.dataVersion,
        aggregate.partitions,
        aggregate.rowCount,
        aggregate.uncounted,
      ]),
    scope.environmentId,
    number,
  );
}

/** Counts otherwise what is current, as it is. */
export function* correctAggregates(scope: Scope, aggregates: readonly AssetAggregate[]): Script<void> {
  yield* runRows(
    `with r as {rows environment_id integer, asset_id integer, row_count integer, uncounted_pieces integer}
     update asset_aggregate set row_count = r.row_count, uncounted_pieces = r.uncounted_pieces from r
     where asset_aggregate.environment_id = r.environment_id and asset_aggregate.asset_id = r.asset_id
       and asset_aggregate.valid_to is null`,
    aggregates.map(({ assetId, rowCount, uncounted }) => [scope.environmentId, assetId, rowCount, uncounted]),
  );
}
