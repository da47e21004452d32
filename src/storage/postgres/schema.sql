create table asset (
  id bigint generated always as identity not null,
  project_id bigint not null,
  key text not null,
  space_id bigint not null,
  created_at bigint not null,
  constraint asset_project_id_key_key UNIQUE (project_id, key),
  constraint asset_pkey PRIMARY KEY (id),
  constraint asset_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(id),
  constraint asset_space_id_fkey FOREIGN KEY (space_id) REFERENCES partition_space(id)
);

create table asset_aggregate (
  environment_id bigint not null,
  asset_id bigint not null,
  valid_from bigint not null,
  valid_to bigint,
  space_id bigint not null,
  data_version text not null,
  partitions bigint not null,
  row_count bigint not null,
  uncounted_pieces bigint not null,
  condemned_at bigint,
  constraint asset_aggregate_pkey PRIMARY KEY (environment_id, asset_id, valid_from),
  constraint asset_aggregate_asset_id_fkey FOREIGN KEY (asset_id) REFERENCES asset(id),
  constraint asset_aggregate_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environment(id)
);
CREATE INDEX asset_aggregate_condemned ON public.asset_aggregate USING btree (environment_id, condemned_at) WHERE (condemned_at IS NOT NULL);
CREATE UNIQUE INDEX asset_aggregate_open ON public.asset_aggregate USING btree (environment_id, asset_id) WHERE (valid_to IS NULL);
CREATE INDEX asset_aggregate_past ON public.asset_aggregate USING btree (environment_id, asset_id, valid_to) WHERE (valid_to IS NOT NULL);

create table asset_alias (
  project_id bigint not null,
  key text not null,
  asset_id bigint not null,
  constraint asset_alias_pkey PRIMARY KEY (project_id, key),
  constraint asset_alias_asset_id_fkey FOREIGN KEY (asset_id) REFERENCES asset(id),
  constraint asset_alias_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(id)
);

create table asset_horizon (
  environment_id bigint not null,
  asset_id bigint not null,
  number bigint not null,
  constraint asset_horizon_pkey PRIMARY KEY (environment_id, asset_id),
  constraint asset_horizon_asset_id_fkey FOREIGN KEY (asset_id) REFERENCES asset(id),
  constraint asset_horizon_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environment(id)
);

create table check_evaluation (
  sequence bigint generated always as identity not null,
  version_id text not null,
  environment_id bigint not null,
  asset_id bigint not null,
  run_id text,
  check_name text not null,
  scope text not null,
  passed bigint not null,
  blocking bigint not null,
  severity text not null,
  description text,
  metadata text,
  reads text not null,
  evaluated_at bigint not null,
  constraint check_evaluation_pkey PRIMARY KEY (sequence),
  constraint check_evaluation_asset_id_fkey FOREIGN KEY (asset_id) REFERENCES asset(id),
  constraint check_evaluation_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environment(id),
  constraint check_evaluation_version_id_fkey FOREIGN KEY (version_id) REFERENCES version(id) ON DELETE CASCADE
);
CREATE INDEX check_evaluation_newest ON public.check_evaluation USING btree (environment_id, asset_id, check_name, sequence);
CREATE INDEX check_evaluation_version ON public.check_evaluation USING btree (version_id);

create table checkpoint (
  run_id text not null,
  step text not null,
  name text not null,
  item_key text not null,
  result text not null,
  created_at bigint not null,
  constraint checkpoint_pkey PRIMARY KEY (run_id, step, name, item_key),
  constraint checkpoint_run_id_fkey FOREIGN KEY (run_id) REFERENCES run(id) ON DELETE CASCADE
);

create table claim (
  environment_id bigint not null,
  asset_id bigint not null,
  space_id bigint not null,
  slice text not null,
  range_from bigint not null,
  range_to bigint not null,
  run_id text not null,
  step text not null,
  token bigint not null,
  claimed_at bigint not null,
  constraint claim_pkey PRIMARY KEY (environment_id, asset_id, space_id, slice, range_from),
  constraint claim_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environment(id),
  constraint claim_run_id_fkey FOREIGN KEY (run_id) REFERENCES run(id) ON DELETE CASCADE
);
CREATE INDEX claim_run ON public.claim USING btree (run_id, step);

create table code_manifest (
  code_version text not null,
  own text not null,
  reached_hash text,
  constraint code_manifest_pkey PRIMARY KEY (code_version),
  constraint code_manifest_reached_hash_fkey FOREIGN KEY (reached_hash) REFERENCES reached_code(hash)
);

create table doomed_file (
  project_id bigint not null,
  store text not null,
  file text not null,
  doomed_at bigint not null,
  constraint doomed_file_pkey PRIMARY KEY (project_id, store, file),
  constraint doomed_file_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(id)
);
CREATE INDEX doomed_file_time ON public.doomed_file USING btree (project_id, doomed_at);

create table endpoint_contract (
  asset_id bigint not null,
  server_id text not null,
  endpoint text not null,
  schema_hash text not null,
  constraint endpoint_contract_pkey PRIMARY KEY (asset_id, server_id, endpoint),
  constraint endpoint_contract_asset_id_fkey FOREIGN KEY (asset_id) REFERENCES asset(id),
  constraint endpoint_contract_schema_hash_fkey FOREIGN KEY (schema_hash) REFERENCES table_schema(hash),
  constraint endpoint_contract_server_id_fkey FOREIGN KEY (server_id) REFERENCES server(id) ON DELETE CASCADE
);
CREATE INDEX endpoint_contract_server ON public.endpoint_contract USING btree (server_id);

create table environment (
  id bigint generated always as identity not null,
  project_id bigint not null,
  name text not null,
  parent_id bigint,
  base_snapshot bigint,
  base_observation bigint,
  base_evaluation bigint,
  epoch text not null,
  snapshot bigint not null default 0,
  published_at bigint not null default 0,
  recheck bigint not null default 0,
  created_at bigint not null,
  dropped_at bigint,
  constraint environment_pkey PRIMARY KEY (id),
  constraint environment_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES environment(id),
  constraint environment_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(id)
);
CREATE UNIQUE INDEX environment_name ON public.environment USING btree (project_id, name) WHERE (dropped_at IS NULL);
CREATE INDEX environment_parent ON public.environment USING btree (parent_id) WHERE (parent_id IS NOT NULL);

create table event (
  environment_id bigint not null,
  "position" bigint not null,
  at bigint not null,
  type text not null,
  run_id text,
  step text,
  asset text,
  data text not null,
  constraint event_pkey PRIMARY KEY (environment_id, "position")
);
CREATE INDEX event_run ON public.event USING btree (run_id, "position") WHERE (run_id IS NOT NULL);

create table intended_pack (
  id text not null,
  project_id bigint not null,
  expires_at bigint not null,
  constraint intended_pack_pkey PRIMARY KEY (id),
  constraint intended_pack_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(id)
);

create table observation (
  sequence bigint generated always as identity not null,
  environment_id bigint not null,
  asset_id bigint not null,
  data_version text not null,
  mark text not null,
  run_id text,
  metadata text,
  reported_by text,
  idempotency_key text,
  first_observed_at bigint not null,
  observed_at bigint not null,
  constraint observation_pkey PRIMARY KEY (sequence),
  constraint observation_asset_id_fkey FOREIGN KEY (asset_id) REFERENCES asset(id),
  constraint observation_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environment(id)
);
CREATE INDEX observation_newest ON public.observation USING btree (environment_id, asset_id, sequence);
CREATE UNIQUE INDEX observation_report ON public.observation USING btree (environment_id, asset_id, idempotency_key) WHERE (idempotency_key IS NOT NULL);

create table partition_key (
  space_id bigint not null,
  ordinal bigint not null,
  key text not null,
  created_at bigint not null,
  constraint partition_key_space_id_key_key UNIQUE (space_id, key),
  constraint partition_key_pkey PRIMARY KEY (space_id, ordinal),
  constraint partition_key_space_id_fkey FOREIGN KEY (space_id) REFERENCES partition_space(id)
);

create table partition_space (
  id bigint generated always as identity not null,
  project_id bigint not null,
  identity text not null,
  constraint partition_space_project_id_identity_key UNIQUE (project_id, identity),
  constraint partition_space_pkey PRIMARY KEY (id),
  constraint partition_space_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(id)
);

create table pointer (
  id bigint generated always as identity not null,
  environment_id bigint not null,
  asset_id bigint not null,
  space_id bigint not null,
  slice text not null,
  range_from bigint not null,
  range_to bigint not null,
  version_id text,
  since bigint not null,
  published_at bigint not null,
  valid_from bigint not null,
  valid_to bigint,
  held_at bigint,
  held_by text,
  hold_reason text,
  condemned_at bigint,
  schema_hash text,
  constraint pointer_pkey PRIMARY KEY (id),
  constraint pointer_asset_id_fkey FOREIGN KEY (asset_id) REFERENCES asset(id),
  constraint pointer_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environment(id),
  constraint pointer_version_id_fkey FOREIGN KEY (version_id) REFERENCES version(id)
);
CREATE INDEX pointer_condemned ON public.pointer USING btree (environment_id, condemned_at) WHERE (condemned_at IS NOT NULL);
CREATE INDEX pointer_held ON public.pointer USING btree (environment_id, asset_id) WHERE ((held_at IS NOT NULL) AND (valid_to IS NULL));
CREATE UNIQUE INDEX pointer_open ON public.pointer USING btree (environment_id, asset_id, space_id, slice, range_from) WHERE (valid_to IS NULL);
CREATE INDEX pointer_past ON public.pointer USING btree (environment_id, asset_id, valid_to, id) WHERE (valid_to IS NOT NULL);
CREATE INDEX pointer_schema ON public.pointer USING btree (environment_id, asset_id, schema_hash) WHERE (valid_to IS NULL);
CREATE INDEX pointer_version ON public.pointer USING btree (version_id);

create table project (
  id bigint generated always as identity not null,
  name text not null,
  event_position bigint not null default 0,
  arrangement bigint not null default 0,
  created_at bigint not null,
  constraint project_name_key UNIQUE (name),
  constraint project_pkey PRIMARY KEY (id)
);

create table reached_code (
  hash text not null,
  files text not null,
  packages text not null,
  constraint reached_code_pkey PRIMARY KEY (hash)
);

create table run (
  sequence bigint generated always as identity not null,
  id text not null,
  project_id bigint not null,
  environment_id bigint not null,
  parent_run_id text,
  identity text not null,
  basis text not null,
  selection text not null,
  triggered_by text not null,
  tags text not null,
  code_pin text,
  config text,
  full_refresh bigint not null default 0,
  publish text not null default 'run'::text,
  status text not null,
  snapshot bigint not null,
  token bigint not null,
  lease_expires_at bigint,
  owner_host text,
  owner_pid bigint,
  owner_process_start text,
  resumes bigint not null default 0,
  step_count bigint not null,
  job text,
  asked text,
  values_kept bigint not null default 0,
  error text,
  created_at bigint not null,
  started_at bigint,
  ended_at bigint,
  constraint run_id_key UNIQUE (id),
  constraint run_pkey PRIMARY KEY (sequence),
  constraint run_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environment(id),
  constraint run_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(id)
);
CREATE INDEX run_identity ON public.run USING btree (environment_id, identity, sequence);
CREATE INDEX run_job ON public.run USING btree (environment_id, job, sequence) WHERE (job IS NOT NULL);
CREATE INDEX run_newest ON public.run USING btree (environment_id, sequence);
CREATE INDEX run_unended ON public.run USING btree (environment_id, sequence) WHERE (ended_at IS NULL);
CREATE INDEX run_values ON public.run USING btree (environment_id, ended_at) WHERE (values_kept = 1);

create table schema_migration (
  number bigint not null,
  name text not null,
  applied_at bigint not null,
  constraint schema_migration_pkey PRIMARY KEY (number)
);

create table server (
  id text not null,
  environment_id bigint not null,
  host text not null,
  pid bigint not null,
  started_at bigint not null,
  expires_at bigint not null,
  constraint server_pkey PRIMARY KEY (id),
  constraint server_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environment(id)
);
CREATE INDEX server_environment ON public.server USING btree (environment_id, expires_at);

create table shared_file (
  store text not null,
  file text not null,
  version_id text not null,
  constraint shared_file_pkey PRIMARY KEY (store, file, version_id),
  constraint shared_file_version_id_fkey FOREIGN KEY (version_id) REFERENCES version(id)
);
CREATE INDEX shared_file_version ON public.shared_file USING btree (version_id);

create table snapshot (
  environment_id bigint not null,
  number bigint not null,
  published_at bigint not null,
  origin text not null,
  run_id text,
  actor text,
  reason text,
  forced bigint not null default 0,
  partial bigint not null default 0,
  constraint snapshot_pkey PRIMARY KEY (environment_id, number),
  constraint snapshot_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environment(id)
);
CREATE INDEX snapshot_time ON public.snapshot USING btree (environment_id, published_at, number);

create table snapshot_pin (
  environment_id bigint not null,
  name text not null,
  number bigint not null,
  pinned_by text not null,
  pinned_at bigint not null,
  reason text not null,
  constraint snapshot_pin_pkey PRIMARY KEY (environment_id, name),
  constraint snapshot_pin_environment_id_number_fkey FOREIGN KEY (environment_id, number) REFERENCES snapshot(environment_id, number)
);
CREATE INDEX snapshot_pinned ON public.snapshot_pin USING btree (environment_id, number);

create table step (
  run_id text not null,
  key text not null,
  "position" bigint not null,
  space_id bigint,
  slice text,
  range_from bigint,
  range_to bigint,
  status text not null,
  attempts bigint not null default 0,
  interruptions bigint not null default 0,
  failures bigint not null default 0,
  retry_at bigint,
  reason text,
  code text,
  may_skip bigint not null default 0,
  code_version text,
  input_version text,
  started_at bigint,
  ended_at bigint,
  value text,
  value_id text,
  value_location text,
  constraint step_pkey PRIMARY KEY (run_id, key),
  constraint step_run_id_fkey FOREIGN KEY (run_id) REFERENCES run(id) ON DELETE CASCADE
);
CREATE INDEX step_value ON public.step USING btree (value_id) WHERE (value_id IS NOT NULL);

create table step_output (
  run_id text not null,
  step text not null,
  "position" bigint not null,
  asset_id bigint not null,
  omitted bigint not null default 0,
  constraint step_output_pkey PRIMARY KEY (run_id, step, "position"),
  constraint step_output_asset_id_fkey FOREIGN KEY (asset_id) REFERENCES asset(id),
  constraint step_output_run_id_fkey FOREIGN KEY (run_id) REFERENCES run(id) ON DELETE CASCADE
);

create table table_schema (
  hash text not null,
  columns text not null,
  constraint table_schema_pkey PRIMARY KEY (hash)
);

create table version (
  sequence bigint generated always as identity not null,
  id text not null,
  project_id bigint not null,
  environment_id bigint not null,
  asset_id bigint not null,
  space_id bigint not null,
  slice text not null,
  range_from bigint not null,
  range_to bigint not null,
  kind text not null,
  state text not null,
  run_id text not null,
  step text not null,
  token bigint not null,
  store text,
  location text,
  data_version text,
  schema_hash text,
  row_count bigint,
  bytes bigint,
  code_version text,
  config_hash text,
  resource_hash text,
  base text,
  metadata text,
  created_at bigint not null,
  staged_at bigint,
  published_at bigint,
  withheld_at bigint,
  state_reason text,
  condemned_at bigint,
  removed_at bigint,
  constraint version_id_key UNIQUE (id),
  constraint version_pkey PRIMARY KEY (sequence),
  constraint version_asset_id_fkey FOREIGN KEY (asset_id) REFERENCES asset(id),
  constraint version_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environment(id),
  constraint version_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(id),
  constraint version_schema_hash_fkey FOREIGN KEY (schema_hash) REFERENCES table_schema(hash),
  constraint version_space_id_fkey FOREIGN KEY (space_id) REFERENCES partition_space(id)
);
CREATE INDEX version_condemned ON public.version USING btree (condemned_at, sequence) WHERE ((condemned_at IS NOT NULL) AND (removed_at IS NULL));
CREATE INDEX version_newest ON public.version USING btree (environment_id, asset_id, sequence);
CREATE INDEX version_run ON public.version USING btree (run_id, step);
CREATE INDEX version_unused ON public.version USING btree (environment_id, sequence) WHERE ((state <> 'published'::text) AND (condemned_at IS NULL));

create table version_input (
  version_id text not null,
  "position" bigint not null,
  asset_id bigint not null,
  ranges text,
  snapshot bigint not null,
  data_version text not null,
  constraint version_input_pkey PRIMARY KEY (version_id, "position"),
  constraint version_input_asset_id_fkey FOREIGN KEY (asset_id) REFERENCES asset(id),
  constraint version_input_version_id_fkey FOREIGN KEY (version_id) REFERENCES version(id) ON DELETE CASCADE
);
