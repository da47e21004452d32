import { canonicalJson } from "../../core/canonical-json.ts";
import { MillraceError } from "../../core/errors.ts";
import type { ObservationRecord, Report } from "../../ports/state/observation-store.ts";
import type { Scope } from "../../ports/state/project-store.ts";
import { appendEvents } from "../events/append-events.ts";
import { observationColumns, observationRecordOf, type ObservationRow } from "./observation-row.ts";
import { first, run, type Script, storableText } from "../database/script.ts";

/** Reports of one asset take turns, so that the same one sent twice at once is noted once. */
export function* recordReport(
  scope: Scope,
  report: Report,
): Script<{ record: ObservationRecord; repeated: boolean }> {
  const { asset, assetId } = report;
  const locked = yield* first<{ now: number }>("select {now} as now from asset where id = ? {lock}", assetId);
  if (locked === undefined) throw new MillraceError("INTERNAL", { reason: `there is no asset ${assetId}` });
  const { now } = locked;
  const dataVersion = storableText(report.dataVersion);
  const by = storableText(report.by);
  const key = report.idempotencyKey === undefined ? null : storableText(report.idempotencyKey);
  const metadata = report.metadata === undefined ? null : storableText(canonicalJson(report.metadata));
  const before = key === null ? undefined : yield* reportWith(key, scope, assetId);
  if (before !== undefined) {
    if (before.data_version !== dataVersion || before.metadata !== metadata) {
      throw new MillraceError("REPORT_CONFLICT", { key: asset, idempotency: key ?? "" });
    }
    return { record: observationRecordOf(before), repeated: true };
  }
  yield* run(
    `insert into observation
       (environment_id, asset_id, data_version, mark, metadata, reported_by, idempotency_key, first_observed_at, observed_at)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    scope.environmentId,
    assetId,
    dataVersion,
    canonicalJson({ reported: dataVersion }),
    metadata,
    by,
    key,
    now,
    now,
  );
  const made = yield* first<ObservationRow>(
    `select ${observationColumns("o")} from observation o
     where o.environment_id = ? and o.asset_id = ? order by o.sequence desc limit 1`,
    scope.environmentId,
    assetId,
  );
  if (made === undefined)
    throw new MillraceError("INTERNAL", { reason: `the report of ${asset} was not kept` });
  yield* appendEvents(scope, now, [{ type: "asset.reported", asset, data: { dataVersion, by } }]);
  return { record: observationRecordOf(made), repeated: false };
}

/** Here, or in the base until the environment began (N11). */
function* reportWith(
  key: string,
  scope: Scope,
  assetId: number,
  until: number = Number.MAX_SAFE_INTEGER,
): Script<ObservationRow | undefined> {
  const own = yield* first<ObservationRow>(
    `select ${observationColumns("o")} from observation o
     where o.environment_id = ? and o.asset_id = ? and o.idempotency_key = ? and o.sequence <= ?`,
    scope.environmentId,
    assetId,
    key,
    until,
  );
  const { base } = scope;
  return own ?? (base && (yield* reportWith(key, base.scope, assetId, base.observation)));
}
