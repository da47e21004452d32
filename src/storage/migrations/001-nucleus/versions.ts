/** What was made, of what and by which code. */
export const versions = `
-- Columns of tables, each set once.
create table table_schema (
  hash text primary key,
  columns text not null
) {keyed};

-- Files and packages that modules reach by import; shared by all definitions of a module.
create table reached_code (
  hash text primary key,
  files text not null,
  packages text not null
) {keyed};

-- What a code version was made of.
create table code_manifest (
  code_version text primary key,
  own text not null,
  reached_hash text references reached_code (hash)
) {keyed};

create table version (
  sequence {sequence},
  id text not null unique,
  project_id integer not null references project (id),
  -- Where it was made.
  environment_id integer not null references environment (id),
  asset_id integer not null references asset (id),
  space_id integer not null references partition_space (id),
  slice text not null,
  range_from integer not null,
  range_to integer not null,
  kind text not null,
  state text not null,
  run_id text not null,
  step text not null,
  token integer not null,
  store text,
  location text,
  data_version text,
  schema_hash text references table_schema (hash),
  row_count integer,
  bytes integer,
  code_version text,
  config_hash text,
  -- Of what data-affecting resources were configured with.
  resource_hash text,
  -- What it goes on from, as JSON: set where rows were added instead of replaced.
  base text,
  metadata text,
  created_at integer not null,
  staged_at integer,
  published_at integer,
  -- When its publish left it staged, because a rollback holds its place.
  withheld_at integer,
  -- Why it was rejected, superseded or left staged.
  state_reason text,
  -- Since when nobody can need its content, and when that was given up. The row stays: provenance outlives it (N33).
  condemned_at integer,
  removed_at integer
) {plain};
create index version_newest on version (environment_id, asset_id, sequence);
create index version_run on version (run_id, step);
-- What the janitor looks at.
create index version_unused on version (environment_id, sequence) where state <> 'published' and condemned_at is null;
create index version_condemned on version (condemned_at, sequence) where condemned_at is not null and removed_at is null;

create table version_input (
  version_id text not null references version (id) on delete cascade,
  position integer not null,
  asset_id integer not null references asset (id),
  ranges text,
  snapshot integer not null,
  data_version text not null,
  primary key (version_id, position)
) {keyed};
`;
