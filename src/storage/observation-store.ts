import type { Observation, ObservationStore } from "../ports/state/observation-store.ts";
import type { Scope } from "../ports/state/project-store.ts";
import type { Database } from "./database.ts";
import { forRows, runRows, type Script } from "./script.ts";

export class SqlObservationStore implements ObservationStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  latest(scope: Scope, assetIds: readonly number[]): Promise<ReadonlyMap<number, Observation>> {
    return this.#database.read(() => latestObservations(scope, assetIds));
  }

  record(scope: Scope, observation: Observation): Promise<void> {
    return this.#database.write(() => recordObservations(scope, [observation]));
  }
}

interface ObservationRow {
  readonly sequence: number;
  readonly asset_id: number;
  readonly data_version: string;
  readonly mark: string;
  readonly observed_at: number;
  readonly run_id: string | null;
}

function* latestRows(scope: Scope, assetIds: readonly number[]): Script<readonly ObservationRow[]> {
  return yield* forRows<ObservationRow>(
    `with r as {rows asset_id integer}
     select o.sequence, o.asset_id, o.data_version, o.mark, o.observed_at, o.run_id
     from r {join} observation o on o.sequence = (
       select max(n.sequence) from observation n where n.environment_id = ? and n.asset_id = r.asset_id
     )`,
    [...new Set(assetIds)].map((id) => [id]),
    scope.environmentId,
  );
}

export function* latestObservations(
  scope: Scope,
  assetIds: readonly number[],
): Script<ReadonlyMap<number, Observation>> {
  const rows = yield* latestRows(scope, assetIds);
  return new Map(
    rows.map((row) => [
      row.asset_id,
      {
        assetId: row.asset_id,
        dataVersion: row.data_version,
        mark: row.mark,
        observedAt: row.observed_at,
        ...(row.run_id === null ? {} : { runId: row.run_id }),
      },
    ]),
  );
}

/** Seen again as it was: only the time moves on. So the table grows with changes, not with looks. */
export function* recordObservations(scope: Scope, observations: readonly Observation[]): Script<void> {
  if (observations.length === 0) return;
  const newest = new Map(observations.map((observation) => [observation.assetId, observation]));
  const rows = yield* latestRows(scope, [...newest.keys()]);
  const known = new Map(rows.map((row) => [row.asset_id, row]));
  const same: [number, number, string | undefined][] = [];
  const changed: Observation[] = [];
  for (const observation of newest.values()) {
    const row = known.get(observation.assetId);
    if (row?.data_version === observation.dataVersion && row.mark === observation.mark) {
      same.push([row.sequence, observation.observedAt, observation.runId]);
    } else changed.push(observation);
  }
  yield* runRows(
    `with r as {rows sequence integer, observed_at integer, run_id text}
     update observation set observed_at = r.observed_at, run_id = r.run_id from r where observation.sequence = r.sequence`,
    same,
  );
  yield* runRows(
    `with r as {rows asset_id integer, data_version text, mark text, run_id text, observed_at integer}
     insert into observation
       (environment_id, asset_id, data_version, mark, run_id, first_observed_at, observed_at)
     select ?, asset_id, data_version, mark, run_id, observed_at, observed_at from r`,
    changed.map((seen) => [seen.assetId, seen.dataVersion, seen.mark, seen.runId, seen.observedAt]),
    scope.environmentId,
  );
}
