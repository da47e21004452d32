/** Projects, their environments, the snapshots that publishing makes, and the names that keep those. */
export const environments = `
create table project (
  id {id},
  name text not null unique,
  -- The last position given to an event. Taken at the end of each transaction, so positions are in order of commit.
  event_position integer not null default 0,
  -- Grows when locations of versions are rewritten: who has read them before reads them anew.
  arrangement integer not null default 0,
  created_at integer not null
) {plain};

create table environment (
  id {id},
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
) {plain};
create unique index environment_name on environment (project_id, name) where dropped_at is null;
create index environment_parent on environment (parent_id) where parent_id is not null;

create table snapshot (
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
) {keyed};
create index snapshot_time on snapshot (environment_id, published_at, number);

-- Snapshots with a name are kept. One may have several.
create table snapshot_pin (
  environment_id integer not null,
  name text not null,
  number integer not null,
  pinned_by text not null,
  pinned_at integer not null,
  reason text not null,
  primary key (environment_id, name),
  foreign key (environment_id, number) references snapshot (environment_id, number)
) {keyed};
create index snapshot_pinned on snapshot_pin (environment_id, number);
`;
