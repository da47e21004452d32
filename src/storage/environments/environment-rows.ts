import type { EnvironmentRecord, OwnAsset } from "../../ports/state/environment-store.ts";
import type { Scope } from "../../ports/state/project-store.ts";
import { all, type Script } from "../database/script.ts";

interface EnvironmentRow {
  readonly id: number;
  readonly name: string;
  readonly parent_id: number | null;
  readonly base_snapshot: number | null;
  readonly snapshot: number;
  readonly published_at: number;
  readonly created_at: number;
  readonly own_assets: number;
  readonly runs: number;
}

export function* listEnvironments(scope: Scope): Script<readonly EnvironmentRecord[]> {
  const rows = yield* all<EnvironmentRow>(
    `select e.id, e.name, e.parent_id, e.base_snapshot, e.snapshot, e.published_at, e.created_at,
       (select count(distinct p.asset_id) from pointer p
        where p.environment_id = e.id and p.valid_to is null) as own_assets,
       (select count(*) from run r
        where r.environment_id = e.id and r.ended_at is null and r.lease_expires_at > {now}) as runs
     from environment e where e.project_id = ? and e.dropped_at is null order by e.id`,
    scope.projectId,
  );
  const names = new Map(rows.map(({ id, name }) => [id, name]));
  return rows.map((row) => ({
    name: row.name,
    ...(row.parent_id === null
      ? {}
      : { base: { environment: names.get(row.parent_id) ?? "", snapshot: row.base_snapshot ?? 0 } }),
    snapshot: row.snapshot,
    publishedAt: row.published_at,
    createdAt: row.created_at,
    ownAssets: row.own_assets,
    runs: row.runs,
    children: rows.filter(({ parent_id }) => parent_id === row.id).map(({ name }) => name),
  }));
}

export function* readOwnAssets(scope: Scope): Script<readonly OwnAsset[]> {
  const rows = yield* all<OwnAsset>(
    `select a.key, cast(sum(case when p.version_id is null then 0 else p.range_to - p.range_from end) as bigint) as partitions,
       cast(sum(case when p.version_id is null then p.range_to - p.range_from else 0 end) as bigint) as hidden
     from pointer p join asset a on a.id = p.asset_id
     where p.environment_id = ? and p.valid_to is null group by a.key order by a.key`,
    scope.environmentId,
  );
  return rows.map(({ key, partitions, hidden }) => ({ key, partitions, hidden }));
}
