/** Runs with their steps and checkpoints, and what running steps have claimed. */
export const runs = `
create table run (
  sequence {sequence},
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
) {plain};
create index run_newest on run (environment_id, sequence);
create index run_job on run (environment_id, job, sequence) where job is not null;
create index run_identity on run (environment_id, identity, sequence);
create index run_values on run (environment_id, ended_at) where values_kept = 1;
create index run_unended on run (environment_id, sequence) where ended_at is null;

create table step (
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
) {keyed};

create index step_value on step (value_id) where value_id is not null;

-- What a step makes; its versions are those that it staged.
create table step_output (
  run_id text not null references run (id) on delete cascade,
  step text not null,
  position integer not null,
  asset_id integer not null references asset (id),
  -- 1: the step succeeded without it.
  omitted integer not null default 0,
  primary key (run_id, step, position)
) {keyed};

-- What a step has reached inside an attempt (N38): is not done again by a later one.
create table checkpoint (
  run_id text not null references run (id) on delete cascade,
  step text not null,
  name text not null,
  -- Empty without one.
  item_key text not null,
  result text not null,
  created_at integer not null,
  primary key (run_id, step, name, item_key)
) {keyed};

create table claim (
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
) {keyed};
create index claim_run on claim (run_id, step);
`;
