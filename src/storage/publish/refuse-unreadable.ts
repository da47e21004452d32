import type { Column } from "../../core/column/column.ts";
import { canRead, describeChange, schemaChanges } from "../../core/column/schema-change.ts";
import { brokenBy, contractBroken } from "../../core/endpoint/endpoint-contract.ts";
import { MillraceError } from "../../core/errors.ts";
import { fewNames, firstFew } from "../../core/first-few.ts";
import type { PartitionRange } from "../../core/partition/range.ts";
import type { Scope } from "../../ports/state/project-store.ts";
import { liveContracts } from "./contracts.ts";
import { openPointersOf } from "../catalog/pointers.ts";
import { firstPartitionNames } from "../catalog/partition-names.ts";
import { rangeOfRow, type RangeRow } from "../database/range-row.ts";
import { all, forRows, type Script } from "../database/script.ts";

interface SchemaRow {
  readonly asset_id: number;
  readonly asset: string;
  readonly hash: string;
  readonly columns: string;
}

interface StoredSchema {
  readonly assetId: number;
  readonly asset: string;
  readonly hash: string;
  readonly columns: readonly Column[];
}

export interface Refusal {
  /** What is published must read all that stays beside it; a place that goes back may also be read by what stays. */
  readonly backwards: boolean;
  /** Publish what a live contract cannot read. */
  readonly force: boolean;
}

/**
 * Asked in the transaction that has moved the pointers: what is now current of an asset can be read as one table (N6),
 * and by every endpoint that is served (N20); else nothing of it remains. Costs by the number of schemas, not of
 * partitions.
 *
 * @throws SCHEMA_MIXED, CONTRACT_BROKEN with every broken contract in `problems`
 */
export function* refuseUnreadable(
  scope: Scope,
  versionIds: readonly string[],
  { backwards, force }: Refusal,
): Script<void> {
  const published = yield* schemasOf(versionIds);
  if (published.length === 0) return;
  yield* refuseMixture(scope, published, backwards);
  if (!force) yield* refuseBroken(scope, published);
}

function* schemasOf(versionIds: readonly string[]): Script<readonly StoredSchema[]> {
  const rows = yield* forRows<SchemaRow>(
    `with r as {rows id text}
     select distinct v.asset_id, a.key as asset, t.hash, t.columns
     from r {join} version v on v.id = r.id join asset a on a.id = v.asset_id
     join table_schema t on t.hash = v.schema_hash`,
    versionIds.map((id) => [id]),
  );
  return rows.map(storedSchema);
}

function storedSchema({ asset_id: assetId, asset, hash, columns }: SchemaRow): StoredSchema {
  return { assetId, asset, hash, columns: JSON.parse(columns) as readonly Column[] };
}

function* refuseMixture(scope: Scope, published: readonly StoredSchema[], backwards: boolean): Script<void> {
  const present = Map.groupBy(yield* currentSchemas(scope, published), ({ assetId }) => assetId);
  for (const { assetId, asset, hash, columns } of published) {
    for (const other of present.get(assetId) ?? []) {
      if (other.hash === hash) continue;
      const [change] = schemaChanges(other.columns, columns);
      if (change === undefined || (backwards && canRead(columns, other.columns))) continue;
      const partitions = yield* partitionsWith(scope, assetId, other.hash);
      const details = { key: asset, reason: describeChange(change), partitions };
      throw new MillraceError("SCHEMA_MIXED", details, { place: { asset } });
    }
  }
}

/** Partitions that hold a schema: the first few by name, and how many more. */
function* partitionsWith(scope: Scope, assetId: number, hash: string): Script<string> {
  const { pieces, count } = yield* scope.base === undefined
    ? ownPieces(scope, assetId, hash)
    : shownPiecesWith(scope, assetId, hash);
  const ranges = pieces.map(({ range }) => range);
  const names = yield* firstPartitionNames(pieces[0]?.spaceId ?? 0, ranges, fewNames);
  return firstFew(names, count);
}

interface PiecesWith {
  /** The first few, in order. */
  readonly pieces: readonly { readonly spaceId: number; readonly range: PartitionRange }[];
  /** Partitions of all of them. */
  readonly count: number;
}

function* shownPiecesWith(scope: Scope, assetId: number, hash: string): Script<PiecesWith> {
  const open = yield* openPointersOf(scope, [assetId]);
  const pieces = open.filter(({ schemaHash }) => schemaHash === hash);
  const count = pieces.reduce((sum, { range }) => sum + range.to - range.from, 0);
  return { pieces: pieces.slice(0, fewNames), count };
}

function* ownPieces(scope: Scope, assetId: number, hash: string): Script<PiecesWith> {
  const rows = yield* all<RangeRow & { readonly space_id: number; readonly partitions: number }>(
    `select space_id, slice, range_from, range_to,
       cast(sum(range_to - range_from) over () as bigint) as partitions
     from pointer where environment_id = ? and asset_id = ? and schema_hash = ? and valid_to is null
     order by slice, range_from limit ?`,
    scope.environmentId,
    assetId,
    hash,
    fewNames,
  );
  const pieces = rows.map((row) => ({ spaceId: row.space_id, range: rangeOfRow(row) }));
  return { pieces, count: rows[0]?.partitions ?? 0 };
}

/** The schemas of what an environment shows, its own and its base's together (N11). */
function* shownSchemas(scope: Scope, assetIds: readonly number[]): Script<readonly StoredSchema[]> {
  const open = yield* openPointersOf(scope, assetIds);
  const pairs = new Map(
    open.flatMap(({ assetId, schemaHash }) =>
      schemaHash === undefined ? [] : [[`${assetId} ${schemaHash}`, [assetId, schemaHash] as const]],
    ),
  );
  const rows = yield* forRows<SchemaRow>(
    `with r as {rows asset_id integer, hash text}
     select r.asset_id, a.key as asset, r.hash, t.columns
     from r {join} asset a on a.id = r.asset_id join table_schema t on t.hash = r.hash`,
    [...pairs.values()],
  );
  return rows.map(storedSchema);
}

/** The schemas that are current of some assets: from one to the next in the index, however many partitions have it. */
function* currentSchemas(scope: Scope, published: readonly StoredSchema[]): Script<readonly StoredSchema[]> {
  const assetIds = [...new Set(published.map(({ assetId }) => assetId))];
  if (scope.base !== undefined) return yield* shownSchemas(scope, assetIds);
  const rows = yield* forRows<SchemaRow>(
    `with recursive r as {rows asset_id integer}, s (asset_id, hash) as (
       select r.asset_id, (
         select min(p.schema_hash) from pointer p
         where p.environment_id = ? and p.asset_id = r.asset_id and p.valid_to is null
       ) from r
       union all
       select s.asset_id, (
         select min(p.schema_hash) from pointer p
         where p.environment_id = ? and p.asset_id = s.asset_id and p.valid_to is null and p.schema_hash > s.hash
       ) from s where s.hash is not null
     )
     select s.asset_id, a.key as asset, s.hash, t.columns
     from s join asset a on a.id = s.asset_id join table_schema t on t.hash = s.hash`,
    assetIds.map((id) => [id]),
    scope.environmentId,
    scope.environmentId,
  );
  return rows.map(storedSchema);
}

function* refuseBroken(scope: Scope, published: readonly StoredSchema[]): Script<void> {
  const contracts = yield* liveContracts(
    scope,
    published.map(({ assetId }) => assetId),
  );
  const problems = contracts.flatMap((contract) =>
    published
      .filter(({ asset }) => asset === contract.asset)
      .flatMap(({ columns }) =>
        brokenBy(contract, columns).map((broken) => contractBroken(contract, broken)),
      ),
  );
  const [one] = problems;
  if (one !== undefined)
    throw new MillraceError(one.code, one.details, {
      place: one.place,
      problems: problems.length > 1 ? problems : [],
    });
}
