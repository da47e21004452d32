/** What external assets looked like. */
export const observations = `
create table observation (
  sequence {sequence},
  environment_id integer not null references environment (id),
  asset_id integer not null references asset (id),
  data_version text not null,
  mark text not null,
  run_id text,
  metadata text,
  -- Who told of it; null where it was looked at.
  reported_by text,
  idempotency_key text,
  first_observed_at integer not null,
  observed_at integer not null
) {plain};
create index observation_newest on observation (environment_id, asset_id, sequence);
-- A report that is sent again is the same report.
create unique index observation_report on observation (environment_id, asset_id, idempotency_key)
  where idempotency_key is not null;
`;
