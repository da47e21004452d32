import type {
  Observation,
  ObservationRecord,
  ObservationStore,
  Report,
} from "../../ports/state/observation-store.ts";
import type { Scope } from "../../ports/state/project-store.ts";
import { appendEvents } from "../events/append-events.ts";
import type { Database } from "../database/database.ts";
import {
  observationColumns,
  observationOf,
  observationRecordOf,
  type ObservationRow,
} from "./observation-row.ts";
import { recordReport } from "./record-report.ts";
import { all, forRows, runRows, type Script } from "../database/script.ts";

export class SqlObservationStore implements ObservationStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  latest(scope: Scope, assetIds: readonly number[]): Promise<ReadonlyMap<number, Observation>> {
    return this.#database.read(() => latestObservations(scope, assetIds));
  }

  history(scope: Scope, assetId: number, limit: number): Promise<readonly ObservationRecord[]> {
    return this.#database.read(() => observationHistory(scope, assetId, limit));
  }

  record(scope: Scope, observation: Observation & { readonly asset: string }): Promise<void> {
    return this.#database.write(() => recordObserved(scope, observation));
  }

  report(scope: Scope, report: Report): Promise<{ record: ObservationRecord; repeated: boolean }> {
    return this.#database.write(() => recordReport(scope, report));
  }
}

function* latestRows(
  scope: Scope,
  assetIds: readonly number[],
  until: number = Number.MAX_SAFE_INTEGER,
): Script<readonly ObservationRow[]> {
  return yield* forRows<ObservationRow>(
    `with r as {rows asset_id integer}
     select ${observationColumns("o")}
     from r {join} observation o on o.sequence = (
       select max(n.sequence) from observation n
       where n.environment_id = ? and n.asset_id = r.asset_id and n.sequence <= ?
     )`,
    [...new Set(assetIds)].map((id) => [id]),
    scope.environmentId,
    until,
  );
}

/** What was seen last here; of assets that were not looked at here, what the base had seen until then (N11). */
export function* latestObservations(
  scope: Scope,
  assetIds: readonly number[],
  until?: number,
): Script<ReadonlyMap<number, Observation>> {
  const rows = yield* latestRows(scope, assetIds, until);
  const { base } = scope;
  const seen = new Set(rows.map((row) => row.asset_id));
  const unseen = assetIds.filter((id) => !seen.has(id));
  const before = base === undefined ? [] : yield* latestObservations(base.scope, unseen, base.observation);
  return new Map([
    ...before,
    ...rows.map((row): [number, Observation] => [row.asset_id, observationOf(row)]),
  ]);
}

function* observationHistory(
  scope: Scope,
  assetId: number,
  limit: number,
  until: number = Number.MAX_SAFE_INTEGER,
): Script<readonly ObservationRecord[]> {
  const rows = yield* all<ObservationRow>(
    `select ${observationColumns("o")} from observation o
     where o.environment_id = ? and o.asset_id = ? and o.sequence <= ? order by o.sequence desc limit ?`,
    scope.environmentId,
    assetId,
    until,
    limit,
  );
  const { base } = scope;
  const own = rows.map(observationRecordOf);
  if (base === undefined || own.length >= limit) return own;
  return [...own, ...(yield* observationHistory(base.scope, assetId, limit - own.length, base.observation))];
}

/** Outside of a run; only a change is an event. */
function* recordObserved(scope: Scope, observation: Observation & { readonly asset: string }): Script<void> {
  const { asset, assetId, dataVersion, observedAt } = observation;
  const before = (yield* latestObservations(scope, [assetId])).get(assetId);
  yield* recordObservations(scope, [observation]);
  if (before?.dataVersion === dataVersion) return;
  yield* appendEvents(scope, observedAt, [{ type: "asset.observed", asset, data: { dataVersion } }]);
}

/** Seen again as it was: only the time moves on. So the table grows with changes, not with looks. */
export function* recordObservations(scope: Scope, observations: readonly Observation[]): Script<void> {
  if (observations.length === 0) return;
  const newest = new Map(observations.map((observation) => [observation.assetId, observation]));
  const rows = yield* latestRows(scope, [...newest.keys()]);
  const known = new Map(rows.map((row) => [row.asset_id, row]));
  const same: [number, number, string | undefined, string | undefined][] = [];
  const changed: Observation[] = [];
  for (const observation of newest.values()) {
    const row = known.get(observation.assetId);
    if (row?.data_version === observation.dataVersion && row.mark === observation.mark) {
      same.push([
        row.sequence,
        observation.observedAt,
        observation.runId,
        observation.metadata === undefined
          ? (row.metadata ?? undefined)
          : JSON.stringify(observation.metadata),
      ]);
    } else changed.push(observation);
  }
  yield* runRows(
    `with r as {rows sequence integer, observed_at integer, run_id text, metadata text}
     update observation set observed_at = r.observed_at, run_id = r.run_id, metadata = r.metadata from r where observation.sequence = r.sequence`,
    same,
  );
  yield* runRows(
    `with r as {rows asset_id integer, data_version text, mark text, run_id text, metadata text, observed_at integer}
     insert into observation
       (environment_id, asset_id, data_version, mark, run_id, metadata, first_observed_at, observed_at)
     select ?, asset_id, data_version, mark, run_id, metadata, observed_at, observed_at from r`,
    changed.map((seen) => [
      seen.assetId,
      seen.dataVersion,
      seen.mark,
      seen.runId,
      seen.metadata === undefined ? undefined : JSON.stringify(seen.metadata),
      seen.observedAt,
    ]),
    scope.environmentId,
  );
}
