import { overlaps, type PartitionRange } from "../../core/partition/range.ts";
import type { Scope } from "../../ports/state/project-store.ts";
import type { RunLease } from "../../ports/state/run-store.ts";
import { MillraceError } from "../../core/errors.ts";
import { rangeOfRow, type RangeRow } from "../database/range-row.ts";
import { forRows, runRows, type Script } from "../database/script.ts";

/** What a step, or a version, takes up of an asset. */
export interface ClaimedRange {
  readonly key: string;
  readonly assetId: number;
  readonly spaceId: number;
  readonly range: PartitionRange;
}

interface ClaimRow extends RangeRow {
  readonly asset_id: number;
  readonly space_id: number;
  readonly run_id: string;
  /** 1 while the run's lease holds. */
  readonly live: number;
}

/**
 * Takes the ranges for a run (N15). A claim of a run whose lease has lapsed gives way, and so does an older one of the
 * run itself; that of a live run stands.
 */
export function* claimRanges(
  scope: Scope,
  lease: RunLease,
  steps: readonly ClaimedRange[],
  now: number,
): Script<void> {
  if (steps.length === 0) return;
  const inTheWay = yield* refuseClaimed(scope, lease, steps);
  yield* runRows(
    `with r as {rows environment_id integer, asset_id integer, space_id integer, slice text, range_from integer}
     delete from claim where (environment_id, asset_id, space_id, slice, range_from)
       in (select environment_id, asset_id, space_id, slice, range_from from r)`,
    inTheWay.map((claim) => [
      scope.environmentId,
      claim.asset_id,
      claim.space_id,
      claim.slice,
      claim.range_from,
    ]),
  );
  yield* runRows(
    `with r as {rows asset_id integer, space_id integer, slice text, range_from integer, range_to integer, step text}
     insert into claim (environment_id, asset_id, space_id, slice, range_from, range_to, run_id, step, token, claimed_at)
     select ?, asset_id, space_id, slice, range_from, range_to, ?, step, ?, ? from r`,
    steps.map(({ key, assetId, spaceId, range }) => [
      assetId,
      spaceId,
      range.slice,
      range.from,
      range.to,
      key,
    ]),
    scope.environmentId,
    lease.runId,
    lease.token,
    now,
  );
}

/** Throws RUN_CLAIMED where a live run claims one of the ranges; gives the other claims that lie over them. */
export function* refuseClaimed(
  scope: Scope,
  lease: RunLease,
  wanted: readonly ClaimedRange[],
): Script<readonly ClaimRow[]> {
  // Claims are compared by range, so two transactions on the same asset take turns; SQLite's always do.
  yield* runRows(
    "with r as {rows id integer} select a.id from asset a where a.id in (select id from r) order by a.id {lock}",
    [...new Set(wanted.map(({ assetId }) => assetId))].map((id) => [id]),
  );
  // Claims never overlap: of those that begin before a range, only the last can reach into it.
  const rows = yield* forRows<ClaimRow>(
    `with r as {rows asset_id integer, space_id integer, slice text, range_from integer, range_to integer}
     select c.asset_id, c.space_id, c.slice, c.range_from, c.range_to, c.run_id,
       case when u.ended_at is null and u.lease_expires_at > {now} then 1 else 0 end as live
     from r
     {join} claim c on c.environment_id = ? and c.asset_id = r.asset_id and c.space_id = r.space_id
       and c.slice = r.slice and c.range_from < r.range_to and c.range_from >= coalesce((
         select max(b.range_from) from claim b where b.environment_id = ? and b.asset_id = r.asset_id
           and b.space_id = r.space_id and b.slice = r.slice and b.range_from <= r.range_from
       ), r.range_from)
     join run u on u.id = c.run_id
     where c.range_to > r.range_from`,
    wanted.map(({ assetId, spaceId, range }) => [assetId, spaceId, range.slice, range.from, range.to]),
    scope.environmentId,
    scope.environmentId,
  );
  for (const claim of rows) {
    if (claim.run_id === lease.runId || claim.live === 0) continue;
    const step = wanted.find((range) => lieOver(claim, range));
    throw new MillraceError("RUN_CLAIMED", { step: step?.key ?? "", run: claim.run_id });
  }
  return rows;
}

export function* releaseClaims(runId: string, steps: readonly string[]): Script<void> {
  yield* runRows(
    "with r as {rows run_id text, step text} delete from claim where (run_id, step) in (select run_id, step from r)",
    steps.map((step) => [runId, step]),
  );
}

function lieOver(claim: ClaimRow, { assetId, spaceId, range }: ClaimedRange): boolean {
  if (claim.asset_id !== assetId || claim.space_id !== spaceId) return false;
  return overlaps(rangeOfRow(claim), range);
}
