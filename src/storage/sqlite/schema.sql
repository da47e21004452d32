CREATE TABLE schema_migration (
  number integer primary key,
  name text not null,
  applied_at integer not null
) strict;

CREATE TABLE project (
  id integer primary key autoincrement,
  name text not null unique,
  -- The last position given to an event. Taken at the end of each transaction, so positions are in order of commit.
  event_position integer not null default 0,
  -- Grows when locations of versions are rewritten: who has read them before reads them anew.
  arrangement integer not null default 0,
  created_at integer not null
) strict;

CREATE TABLE environment (
  id integer primary key autoincrement,
  project_id integer not null references project (id),
  name text not null,
  -- Where it has no pointers of its own it shows its parent as of base_snapshot, with which its own numbers begin; and
  -- of external assets that it has not looked at, what its parent had seen up to base_observation; and
  -- what checks had said in its parent up to base_evaluation. All for ever.
  parent_id integer references environment (id),
  base_snapshot integer,
  base_observation integer,
  base_evaluation integer,
  epoch text not null,
  snapshot integer not null default 0,
  published_at integer not null default 0,
  -- Grows when checks of published versions are asked again: what readers say of checks is then no longer the newest.
  recheck integer not null default 0,
  created_at integer not null,
  -- Its name is free again; the row stays for what was made in it.
  dropped_at integer
) strict;

CREATE UNIQUE INDEX environment_name on environment (project_id, name) where dropped_at is null;

CREATE INDEX environment_parent on environment (parent_id) where parent_id is not null;

CREATE TABLE snapshot (
  environment_id integer not null references environment (id),
  number integer not null,
  published_at integer not null,
  -- What made it: nothing (the empty one), a branch from another environment, a run, a rollback, a release.
  origin text not null,
  run_id text,
  -- Who rolled back or released, and why.
  actor text,
  reason text,
  -- 1: it was asked for whatever checks and contracts say.
  forced integer not null default 0,
  -- 1: of assets that are kept for a shorter time it no longer has everything; see asset_horizon.
  partial integer not null default 0,
  primary key (environment_id, number)
) strict, without rowid;

CREATE INDEX snapshot_time on snapshot (environment_id, published_at, number);

CREATE TABLE snapshot_pin (
  environment_id integer not null,
  name text not null,
  number integer not null,
  pinned_by text not null,
  pinned_at integer not null,
  reason text not null,
  primary key (environment_id, name),
  foreign key (environment_id, number) references snapshot (environment_id, number)
) strict, without rowid;

CREATE INDEX snapshot_pinned on snapshot_pin (environment_id, number);

CREATE TABLE partition_space (
  id integer primary key autoincrement,
  project_id integer not null references project (id),
  identity text not null,
  unique (project_id, identity)
) strict;

CREATE TABLE partition_key (
  space_id integer not null references partition_space (id),
  ordinal integer not null,
  key text not null,
  created_at integer not null,
  primary key (space_id, ordinal),
  unique (space_id, key)
) strict, without rowid;

CREATE TABLE asset (
  id integer primary key autoincrement,
  project_id integer not null references project (id),
  key text not null,
  -- Of the partitioning it has in the code now.
  space_id integer not null references partition_space (id),
  created_at integer not null,
  unique (project_id, key)
) strict;

CREATE TABLE asset_horizon (
  environment_id integer not null references environment (id),
  asset_id integer not null references asset (id),
  number integer not null,
  primary key (environment_id, asset_id)
) strict, without rowid;

CREATE TABLE asset_alias (
  project_id integer not null references project (id),
  key text not null,
  asset_id integer not null references asset (id),
  primary key (project_id, key)
) strict, without rowid;

CREATE TABLE run (
  sequence integer primary key,
  id text not null unique,
  project_id integer not null references project (id),
  environment_id integer not null references environment (id),
  parent_run_id text,
  -- Of what was asked for, and of the code and external content there was.
  identity text not null,
  basis text not null,
  selection text not null,
  triggered_by text not null,
  tags text not null,
  -- The code it was launched with, kept in the code folder as long as the run has not ended.
  code_pin text,
  -- What it was given, as JSON: secrets are left out, variables stand in it by their names.
  config text,
  -- 1: it makes appending assets anew instead of adding to them.
  full_refresh integer not null default 0,
  -- run: what it makes becomes current at its end, all together; step: as soon as a step has made it.
  publish text not null default 'run',
  status text not null,
  snapshot integer not null,
  token integer not null,
  lease_expires_at integer,
  owner_host text,
  owner_pid integer,
  owner_process_start text,
  resumes integer not null default 0,
  step_count integer not null,
  -- The job it is a run of; null where assets were asked for.
  job text,
  -- What of the job, as JSON: its partition, which of its steps, what it makes.
  asked text,
  -- 1: what its ops gave is still there, so that it can be gone on with.
  values_kept integer not null default 0,
  error text,
  created_at integer not null,
  started_at integer,
  ended_at integer
) strict;

CREATE INDEX run_newest on run (environment_id, sequence);

CREATE INDEX run_job on run (environment_id, job, sequence) where job is not null;

CREATE INDEX run_identity on run (environment_id, identity, sequence);

CREATE INDEX run_values on run (environment_id, ended_at) where values_kept = 1;

CREATE INDEX run_unended on run (environment_id, sequence) where ended_at is null;

CREATE TABLE step (
  run_id text not null references run (id) on delete cascade,
  key text not null,
  -- Place in the plan.
  position integer not null,
  -- Of every output; null for the step of an op, which makes no asset.
  space_id integer,
  slice text,
  range_from integer,
  range_to integer,
  status text not null,
  attempts integer not null default 0,
  -- Attempts that ended because their process did: they do not count against the retry policy.
  interruptions integer not null default 0,
  -- Attempts that failed and do count against it.
  failures integer not null default 0,
  -- It waits for its next try, which is due then.
  retry_at integer,
  reason text,
  code text,
  -- May run, rather than runs: only if what it reads comes out different.
  may_skip integer not null default 0,
  -- With what it failed: while both are the same, it would fail again. Of an op also with what it succeeded: while both
  -- are the same, it need not run again.
  code_version text,
  input_version text,
  started_at integer,
  ended_at integer,
  -- What an op gave: small in itself, else where it lies in a store.
  value text,
  value_id text,
  value_location text,
  primary key (run_id, key)
) strict, without rowid;

CREATE INDEX step_value on step (value_id) where value_id is not null;

CREATE TABLE step_output (
  run_id text not null references run (id) on delete cascade,
  step text not null,
  position integer not null,
  asset_id integer not null references asset (id),
  -- 1: the step succeeded without it.
  omitted integer not null default 0,
  primary key (run_id, step, position)
) strict, without rowid;

CREATE TABLE checkpoint (
  run_id text not null references run (id) on delete cascade,
  step text not null,
  name text not null,
  -- Empty without one.
  item_key text not null,
  result text not null,
  created_at integer not null,
  primary key (run_id, step, name, item_key)
) strict, without rowid;

CREATE TABLE claim (
  environment_id integer not null references environment (id),
  asset_id integer not null,
  space_id integer not null,
  slice text not null,
  range_from integer not null,
  range_to integer not null,
  run_id text not null references run (id) on delete cascade,
  step text not null,
  token integer not null,
  claimed_at integer not null,
  -- Claims never overlap either.
  primary key (environment_id, asset_id, space_id, slice, range_from)
) strict, without rowid;

CREATE INDEX claim_run on claim (run_id, step);

CREATE TABLE table_schema (
  hash text primary key,
  columns text not null
) strict, without rowid;

CREATE TABLE reached_code (
  hash text primary key,
  files text not null,
  packages text not null
) strict, without rowid;

CREATE TABLE code_manifest (
  code_version text primary key,
  own text not null,
  reached_hash text references reached_code (hash)
) strict, without rowid;

CREATE TABLE version (
  sequence integer primary key,
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
) strict;

CREATE INDEX version_newest on version (environment_id, asset_id, sequence);

CREATE INDEX version_run on version (run_id, step);

CREATE INDEX version_unused on version (environment_id, sequence) where state <> 'published' and condemned_at is null;

CREATE INDEX version_condemned on version (condemned_at, sequence) where condemned_at is not null and removed_at is null;

CREATE TABLE version_input (
  version_id text not null references version (id) on delete cascade,
  position integer not null,
  asset_id integer not null references asset (id),
  ranges text,
  snapshot integer not null,
  data_version text not null,
  primary key (version_id, position)
) strict, without rowid;

CREATE TABLE shared_file (
  store text not null,
  file text not null,
  version_id text not null references version (id),
  primary key (store, file, version_id)
) strict, without rowid;

CREATE INDEX shared_file_version on shared_file (version_id);

CREATE TABLE doomed_file (
  project_id integer not null references project (id),
  store text not null,
  file text not null,
  doomed_at integer not null,
  primary key (project_id, store, file)
) strict, without rowid;

CREATE INDEX doomed_file_time on doomed_file (project_id, doomed_at);

CREATE TABLE intended_pack (
  id text primary key,
  project_id integer not null references project (id),
  expires_at integer not null
) strict, without rowid;

CREATE TABLE pointer (
  id integer primary key,
  environment_id integer not null references environment (id),
  asset_id integer not null references asset (id),
  space_id integer not null,
  slice text not null,
  range_from integer not null,
  range_to integer not null,
  -- Null where a rollback has left nothing, and holds it so; and where an environment shows nothing of its base.
  version_id text references version (id),
  -- The snapshot that made the version current here, and when; kept when the range is split later.
  since integer not null,
  published_at integer not null,
  valid_from integer not null,
  valid_to integer,
  held_at integer,
  held_by text,
  hold_reason text,
  -- Since when no snapshot that is kept needs it. The row goes a grace later.
  condemned_at integer,
  -- Of the version; so that the schemas which are current of an asset are found without looking at its partitions.
  schema_hash text
) strict;

CREATE UNIQUE INDEX pointer_open on pointer (environment_id, asset_id, space_id, slice, range_from) where valid_to is null;

CREATE INDEX pointer_past on pointer (environment_id, asset_id, valid_to, id) where valid_to is not null;

CREATE INDEX pointer_condemned on pointer (environment_id, condemned_at) where condemned_at is not null;

CREATE INDEX pointer_version on pointer (version_id);

CREATE INDEX pointer_held on pointer (environment_id, asset_id) where held_at is not null and valid_to is null;

CREATE INDEX pointer_schema on pointer (environment_id, asset_id, schema_hash) where valid_to is null;

CREATE TABLE asset_aggregate (
  environment_id integer not null references environment (id),
  asset_id integer not null references asset (id),
  valid_from integer not null,
  valid_to integer,
  space_id integer not null,
  data_version text not null,
  partitions integer not null,
  -- Rows of the pieces that are whole versions; of the others only the store can say.
  row_count integer not null,
  uncounted_pieces integer not null,
  condemned_at integer,
  primary key (environment_id, asset_id, valid_from)
) strict, without rowid;

CREATE UNIQUE INDEX asset_aggregate_open on asset_aggregate (environment_id, asset_id) where valid_to is null;

CREATE INDEX asset_aggregate_condemned on asset_aggregate (environment_id, condemned_at) where condemned_at is not null;

CREATE INDEX asset_aggregate_past on asset_aggregate (environment_id, asset_id, valid_to) where valid_to is not null;

CREATE TABLE check_evaluation (
  sequence integer primary key,
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
) strict;

CREATE INDEX check_evaluation_version on check_evaluation (version_id);

CREATE INDEX check_evaluation_newest on check_evaluation (environment_id, asset_id, check_name, sequence);

CREATE TABLE observation (
  sequence integer primary key,
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
) strict;

CREATE INDEX observation_newest on observation (environment_id, asset_id, sequence);

CREATE UNIQUE INDEX observation_report on observation (environment_id, asset_id, idempotency_key)
  where idempotency_key is not null;

CREATE TABLE event (
  environment_id integer not null,
  -- Unique in the project.
  position integer not null,
  at integer not null,
  type text not null,
  run_id text,
  step text,
  asset text,
  data text not null,
  primary key (environment_id, position)
) strict, without rowid;

CREATE INDEX event_run on event (run_id, position) where run_id is not null;

CREATE TABLE server (
  id text primary key,
  environment_id integer not null references environment (id),
  host text not null,
  pid integer not null,
  started_at integer not null,
  expires_at integer not null
) strict, without rowid;

CREATE INDEX server_environment on server (environment_id, expires_at);

CREATE TABLE endpoint_contract (
  asset_id integer not null references asset (id),
  server_id text not null references server (id) on delete cascade,
  endpoint text not null,
  schema_hash text not null references table_schema (hash),
  primary key (asset_id, server_id, endpoint)
) strict, without rowid;

CREATE INDEX endpoint_contract_server on endpoint_contract (server_id);
