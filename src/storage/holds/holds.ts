import type { HeldRange } from "../../core/catalog/hold.ts";
import type { Scope } from "../../ports/state/project-store.ts";
import { holdOf } from "../catalog/pointers.ts";
import { rangeOfRow, type RangeRow } from "../database/range-row.ts";
import { all, type Script } from "../database/script.ts";

interface HoldRow extends RangeRow {
  readonly asset_id: number;
  readonly space_id: number;
  readonly version_id: string | null;
  readonly held_at: number;
  readonly held_by: string | null;
  readonly hold_reason: string | null;
}

/** What is held now. There are few holds, and an index of them alone. */
export function* readHolds(scope: Scope, assetIds?: readonly number[]): Script<readonly HeldRange[]> {
  const rows = yield* all<HoldRow>(
    `select asset_id, space_id, slice, range_from, range_to, version_id, held_at, held_by, hold_reason
     from pointer where environment_id = ? and held_at is not null and valid_to is null
     order by asset_id, space_id, slice, range_from`,
    scope.environmentId,
  );
  const wanted = assetIds === undefined ? undefined : new Set(assetIds);
  return rows.flatMap((row): HeldRange[] => {
    const hold = holdOf(row);
    if (hold === undefined || wanted?.has(row.asset_id) === false) return [];
    return [
      {
        assetId: row.asset_id,
        spaceId: row.space_id,
        range: rangeOfRow(row),
        ...(row.version_id === null ? {} : { versionId: row.version_id }),
        hold,
      },
    ];
  });
}
