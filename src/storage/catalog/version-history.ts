import type { PlacedAsset } from "../../core/catalog/catalog-view.ts";
import { earlierVersions } from "../../core/catalog/pointer-changes.ts";
import type { VersionRecord } from "../../core/catalog/version.ts";
import type { PlacedVersion, VersionOptions } from "../../ports/state/catalog-store.ts";
import type { Scope } from "../../ports/state/project-store.ts";
import { readFormerPlaces } from "./former-places.ts";
import { openPointersOf } from "./pointers.ts";
import { all, type Script } from "../database/script.ts";
import { versionColumns, versionRecords, type VersionRow, versionsWithIds } from "./version-rows.ts";

const fromVersions = "from version v left join table_schema c on c.hash = v.schema_hash";

/**
 * All that was made of an asset here, whatever became of it, and then what had been published in the base of this
 * environment (N11); the newest first.
 */
export function* readVersions(
  scope: Scope,
  assetId: number,
  limit: number,
  options: VersionOptions,
): Script<readonly VersionRecord[]> {
  const rows = yield* historyRows(scope, assetId, limit, options);
  return [...(yield* versionRecords(rows)).values()];
}

/** What was made in an environment is newer than all that is in its base. */
function* historyRows(
  scope: Scope,
  assetId: number,
  limit: number,
  options: VersionOptions,
  until?: number,
): Script<readonly VersionRow[]> {
  const { before, within } = options;
  const earlier =
    before === undefined ? "" : " and v.sequence < (select b.sequence from version b where b.id = ?)";
  const over =
    within === undefined ? "" : " and v.space_id = ? and v.slice = ? and v.range_from < ? and v.range_to > ?";
  const rows = yield* all<VersionRow>(
    `select ${versionColumns} ${fromVersions}
     where v.environment_id = ? and v.asset_id = ?${until === undefined ? "" : publishedUntil}${earlier}${over}
     order by v.sequence desc limit ?`,
    scope.environmentId,
    assetId,
    ...(until === undefined ? [] : [scope.environmentId, until, scope.environmentId, until]),
    ...(before === undefined ? [] : [before]),
    ...(within === undefined ? [] : [within.spaceId, within.range.slice, within.range.to, within.range.from]),
    limit,
  );
  const { base } = scope;
  if (base === undefined || rows.length >= limit) return rows;
  return [...rows, ...(yield* historyRows(base.scope, assetId, limit - rows.length, options, base.snapshot))];
}

/** A snapshot tells when; of two in one millisecond, the pointers tell which. */
const publishedUntil = ` and exists (
  select 1 from snapshot s where s.environment_id = ? and s.number = ? and (v.published_at < s.published_at
    or v.published_at = s.published_at and exists (
      select 1 from pointer p where p.version_id = v.id and p.environment_id = ? and p.since <= ?)))`;

export function* findVersions(assetId: number, prefix: string): Script<readonly VersionRecord[]> {
  const rows = yield* all<VersionRow>(
    `select ${versionColumns} ${fromVersions}
     where v.asset_id = ? and substr(v.id, 1, ?) = ? order by v.sequence limit 5`,
    assetId,
    prefix.length,
    prefix,
  );
  return [...(yield* versionRecords(rows)).values()];
}

export function* readEarlier(
  scope: Scope,
  { assetId, spaceId }: PlacedAsset,
): Script<readonly PlacedVersion[]> {
  const here = (one: PlacedAsset): boolean => one.spaceId === spaceId;
  const open = (yield* openPointersOf(scope, [assetId])).filter(here);
  const past = (yield* readFormerPlaces(scope, [assetId])).filter(here);
  const found = earlierVersions(open, past);
  const versions = yield* versionsWithIds(found.flatMap(({ versionId }) => versionId ?? []));
  return found.flatMap(({ range, versionId }) => {
    const version = versionId === undefined ? undefined : versions.get(versionId);
    return version === undefined ? [] : [{ range, version }];
  });
}
