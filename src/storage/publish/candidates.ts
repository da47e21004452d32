import type { PartitionRange } from "../../core/partition/range.ts";
import type { VersionState } from "../../core/catalog/version.ts";
import type { VersionBase } from "../../core/catalog/version-base.ts";
import type { RunLease } from "../../ports/state/run-store.ts";
import { MillraceError } from "../../core/errors.ts";
import { rangeOfRow, type RangeRow } from "../database/range-row.ts";
import { forRows, type Script } from "../database/script.ts";

/** A version that is asked to become current. */
export interface Candidate {
  readonly versionId: string;
  readonly asset: string;
  readonly assetId: number;
  readonly spaceId: number;
  readonly range: PartitionRange;
  readonly state: VersionState;
  readonly runId: string;
  readonly step: string;
  readonly dataVersion: string;
  readonly rowCount: number | undefined;
  /** Of a version that adds rows. */
  readonly base: VersionBase | undefined;
}

export interface CandidateRow extends RangeRow {
  readonly id: string;
  readonly asset: string;
  readonly asset_id: number;
  readonly space_id: number;
  readonly state: string;
  readonly run_id: string;
  readonly step: string;
  readonly data_version: string | null;
  readonly row_count: number | null;
  readonly base: string | null;
}

/** Of `version v` joined with `asset a`. */
export const candidateColumns = `v.id, a.key as asset, v.asset_id, v.space_id, v.slice, v.range_from, v.range_to,
  v.state, v.run_id, v.step, v.data_version, v.row_count, v.base`;

const publishable: ReadonlySet<string> = new Set(["staged", "published", "superseded"]);

/** In the order of the request. Only what this run has staged may be published, now or again. */
export function* readCandidates(
  lease: RunLease,
  versionIds: readonly string[],
): Script<readonly Candidate[]> {
  const ids = [...new Set(versionIds)];
  const rows = yield* forRows<CandidateRow>(
    `with r as {rows id text}
     select ${candidateColumns}
     from r {join} version v on v.id = r.id join asset a on a.id = v.asset_id`,
    ids.map((id) => [id]),
  );
  const found = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => {
    const row = found.get(id);
    if (row?.run_id !== lease.runId || !publishable.has(row.state)) {
      const state = row?.run_id === lease.runId ? row.state : "none of this run";
      throw new MillraceError("INTERNAL", { reason: `version ${id} is ${state} and cannot be published` });
    }
    return candidate(row);
  });
}

export function candidate(row: CandidateRow): Candidate {
  return {
    versionId: row.id,
    asset: row.asset,
    assetId: row.asset_id,
    spaceId: row.space_id,
    range: rangeOfRow(row),
    state: row.state as VersionState,
    runId: row.run_id,
    step: row.step,
    dataVersion: row.data_version ?? "",
    rowCount: row.row_count ?? undefined,
    base: row.base === null ? undefined : (JSON.parse(row.base) as VersionBase),
  };
}
