import type { Observation, ObservationRecord } from "../../ports/state/observation-store.ts";

export interface ObservationRow {
  readonly sequence: number;
  readonly asset_id: number;
  readonly data_version: string;
  readonly mark: string;
  readonly first_observed_at: number;
  readonly observed_at: number;
  readonly run_id: string | null;
  readonly metadata: string | null;
  readonly reported_by: string | null;
  readonly idempotency_key: string | null;
}

const names = [
  "sequence",
  "asset_id",
  "data_version",
  "mark",
  "first_observed_at",
  "observed_at",
  "run_id",
  "metadata",
  "reported_by",
  "idempotency_key",
] as const satisfies readonly (keyof ObservationRow)[];

export function observationColumns(table: string): string {
  return names.map((name) => `${table}.${name}`).join(", ");
}

export function observationOf(row: ObservationRow): Observation {
  return {
    assetId: row.asset_id,
    dataVersion: row.data_version,
    mark: row.mark,
    observedAt: row.observed_at,
    ...(row.run_id === null ? {} : { runId: row.run_id }),
    ...(row.metadata === null ? {} : { metadata: JSON.parse(row.metadata) as Record<string, unknown> }),
  };
}

export function observationRecordOf(row: ObservationRow): ObservationRecord {
  const { reported_by: by, idempotency_key: key } = row;
  return {
    ...observationOf(row),
    firstObservedAt: row.first_observed_at,
    ...(by === null ? {} : { report: { by, ...(key === null ? {} : { idempotencyKey: key }) } }),
  };
}
