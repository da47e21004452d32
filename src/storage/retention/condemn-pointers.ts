import type { Scope } from "../../ports/state/project-store.ts";
import type { KeptSnapshots } from "./kept-snapshots.ts";
import { asTable, all, forRows, runRows, type Script } from "../database/script.ts";

/** Where a walk over the ended pointers of an asset has come to. */
export interface PointerPlace {
  readonly validTo: number;
  readonly id: number;
}

export interface UnneededPointer {
  readonly id: number;
  readonly valid_to: number;
  readonly version_id: string | null;
}

/** Assets of which something has ended that no snapshot which is kept may need. */
export function* assetsWithPast(
  scope: Scope,
  { horizons }: KeptSnapshots,
): Script<readonly { readonly assetId: number; readonly horizon: number }[]> {
  const rows = yield* forRows<{ asset_id: number; horizon: number }>(
    `with r as {rows asset_id integer, horizon integer}
     select r.asset_id, r.horizon from r
     where exists (
       select 1 from pointer p where p.environment_id = ? and p.asset_id = r.asset_id and p.valid_to is not null
         and p.valid_to <= r.horizon and p.condemned_at is null)
     or exists (
       select 1 from asset_aggregate g where g.environment_id = ? and g.asset_id = r.asset_id
         and g.valid_to is not null and g.valid_to <= r.horizon and g.condemned_at is null)`,
    [...horizons].filter(([, horizon]) => horizon > 0),
    scope.environmentId,
    scope.environmentId,
  );
  return rows.map(({ asset_id, horizon }) => ({ assetId: asset_id, horizon }));
}

/** The next pointers of an asset that no kept snapshot needs, by an index: what is still needed is hardly looked at. */
export function* unneededPointers(
  scope: Scope,
  { assetId, horizon }: { readonly assetId: number; readonly horizon: number },
  pinned: readonly number[],
  after: PointerPlace,
  limit: number,
): Script<readonly UnneededPointer[]> {
  return yield* all<UnneededPointer>(
    `with k as {rows number integer}
     select p.id, p.valid_to, p.version_id from pointer p
     where p.environment_id = ? and p.asset_id = ? and p.valid_to is not null and p.valid_to <= ?
       and (p.valid_to, p.id) > (?, ?) and p.condemned_at is null
       and not exists (select 1 from k where k.number >= p.valid_from and k.number < p.valid_to)
     order by p.valid_to, p.id limit ?`,
    asTable(pinned.map((number) => [number])),
    scope.environmentId,
    assetId,
    horizon,
    after.validTo,
    after.id,
    limit,
  );
}

export function* condemnPointers(
  pointers: readonly Pick<UnneededPointer, "id">[],
  now: number,
): Script<void> {
  yield* runRows(
    "with r as {rows id integer} update pointer set condemned_at = ? from r where pointer.id = r.id",
    pointers.map(({ id }) => [id]),
    now,
  );
}

/** One row for each publish of an asset: few beside its pointers, and condemned together. */
export function* condemnAggregates(
  scope: Scope,
  { assetId, horizon }: { readonly assetId: number; readonly horizon: number },
  pinned: readonly number[],
  now: number,
): Script<void> {
  yield* all(
    `with k as {rows number integer}
     update asset_aggregate set condemned_at = ?
     where environment_id = ? and asset_id = ? and valid_to is not null and valid_to <= ? and condemned_at is null
       and not exists (
         select 1 from k where k.number >= asset_aggregate.valid_from and k.number < asset_aggregate.valid_to)`,
    asTable(pinned.map((number) => [number])),
    now,
    scope.environmentId,
    assetId,
    horizon,
  );
}
