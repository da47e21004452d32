/** What checks said of versions. */
export const evaluations = `
create table check_evaluation (
  sequence {sequence},
  version_id text not null references version (id) on delete cascade,
  -- Where it was asked: a version may be current in several environments.
  environment_id integer not null references environment (id),
  asset_id integer not null references asset (id),
  -- Null for one that was asked later, outside of a run.
  run_id text,
  check_name text not null,
  scope text not null,
  passed integer not null,
  blocking integer not null,
  severity text not null,
  description text,
  metadata text,
  -- What it read besides the version, as version_input says it.
  reads text not null,
  evaluated_at integer not null
) {plain};
create index check_evaluation_version on check_evaluation (version_id);
create index check_evaluation_newest on check_evaluation (environment_id, asset_id, check_name, sequence);
`;
