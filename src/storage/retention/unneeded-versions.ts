import { keepMsOf, type Retention } from "../../core/catalog/retention.ts";
import { isUnneeded, type UnpublishedVersion } from "../../core/catalog/unneeded-version.ts";
import type { Scope } from "../../ports/state/project-store.ts";
import type { CondemnableVersion } from "./condemn-versions.ts";
import { all, type Script } from "../database/script.ts";

interface UnpublishedRow extends CondemnableVersion {
  readonly sequence: number;
  readonly asset_id: number;
  readonly state: UnpublishedVersion["state"];
  readonly made_at: number;
  readonly token: number;
  readonly run_token: number | null;
  readonly run_ended_at: number | null;
  readonly waits: number;
}

export interface UnneededVersions {
  readonly unneeded: readonly CondemnableVersion[];
  /** Where to go on; undefined at the end. */
  readonly next: number | undefined;
}

/** Among the next versions that were never published, those whose content may go (N2). */
export function* unneededVersions(
  scope: Scope,
  retention: Retention,
  after: number,
  limit: number,
  now: number,
): Script<UnneededVersions> {
  const rows = yield* all<UnpublishedRow>(
    `select v.sequence, v.id, v.asset_id, v.state, v.location, v.bytes, coalesce(v.staged_at, v.created_at) as made_at,
       v.token, r.token as run_token, r.ended_at as run_ended_at,
       case when v.withheld_at is not null and exists (
         select 1 from pointer p
         where p.environment_id = v.environment_id and p.asset_id = v.asset_id and p.valid_to is null
           and p.held_at is not null and p.space_id = v.space_id and p.slice = v.slice
           and p.range_from < v.range_to and p.range_to > v.range_from
       ) then 1 else 0 end as waits
     from version v left join run r on r.id = v.run_id
     where v.environment_id = ? and v.sequence > ? and v.state <> 'published' and v.condemned_at is null
     order by v.sequence limit ?`,
    scope.environmentId,
    after,
    limit,
  );
  const unneeded = rows.filter((row) => isUnneeded(unpublished(row), keepMsOf(retention, row.asset_id), now));
  return { unneeded, next: rows.length < limit ? undefined : rows.at(-1)?.sequence };
}

function unpublished(row: UnpublishedRow): UnpublishedVersion {
  const { state, made_at: madeAt, token, run_token, run_ended_at } = row;
  const run = run_token === null ? undefined : { token: run_token, ended: run_ended_at !== null };
  return { state, madeAt, token, run, waits: row.waits === 1 };
}
