import { overlaps } from "../../core/partition/range.ts";
import type { Scope } from "../../ports/state/project-store.ts";
import { type Candidate, candidate, candidateColumns, type CandidateRow } from "./candidates.ts";
import type { OpenPointer } from "../catalog/pointers.ts";
import { forRows, type Script } from "../database/script.ts";

/** Versions that were left staged because of these holds, in the order in which they were made. */
export function* readWaiting(
  scope: Scope,
  held: readonly { readonly pointer: OpenPointer; readonly ranges: readonly OpenPointer["range"][] }[],
): Script<readonly Candidate[]> {
  const rows = yield* forRows<CandidateRow & { readonly withheld_at: number }>(
    `with r as {rows asset_id integer}
     select ${candidateColumns}, v.withheld_at
     from r {join} version v on v.asset_id = r.asset_id and v.environment_id = ? and v.state = 'staged'
       and v.withheld_at is not null
     join asset a on a.id = v.asset_id
     order by v.sequence`,
    [...new Set(held.map(({ pointer }) => pointer.assetId))].map((id) => [id]),
    scope.environmentId,
  );
  return rows
    .filter((row) =>
      held.some(
        ({ pointer, ranges }) =>
          pointer.assetId === row.asset_id &&
          pointer.spaceId === row.space_id &&
          row.withheld_at >= (pointer.hold?.at ?? 0) &&
          ranges.some((range) => overlaps(range, candidate(row).range)),
      ),
    )
    .map(candidate);
}
