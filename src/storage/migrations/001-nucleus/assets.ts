/** What partitions and assets are called, now and before. */
export const assets = `
-- An identity of a partitioning. Static keys of one project share a space, so a key means the same in every asset.
create table partition_space (
  id {id},
  project_id integer not null references project (id),
  identity text not null,
  unique (project_id, identity)
) {plain};

create table partition_key (
  space_id integer not null references partition_space (id),
  ordinal integer not null,
  key text not null,
  created_at integer not null,
  primary key (space_id, ordinal),
  unique (space_id, key)
) {keyed};

create table asset (
  id {id},
  project_id integer not null references project (id),
  key text not null,
  -- Of the partitioning it has in the code now.
  space_id integer not null references partition_space (id),
  created_at integer not null,
  unique (project_id, key)
) {plain};

-- What an asset was at partial snapshots before this number is no longer kept.
create table asset_horizon (
  environment_id integer not null references environment (id),
  asset_id integer not null references asset (id),
  number integer not null,
  primary key (environment_id, asset_id)
) {keyed};

-- Keys that an asset had before. Code that is not renamed yet, in another environment, still finds it by them.
create table asset_alias (
  project_id integer not null references project (id),
  key text not null,
  asset_id integer not null references asset (id),
  primary key (project_id, key)
) {keyed};
`;
