/** Which version is current where, at every snapshot that is kept. */
export const pointers = `
create table pointer (
  id {sequence},
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
) {plain};
-- Open pointers never overlap: the one that begins last before a partition is the only one that can cover it.
create unique index pointer_open on pointer (environment_id, asset_id, space_id, slice, range_from) where valid_to is null;
create index pointer_past on pointer (environment_id, asset_id, valid_to, id) where valid_to is not null;
create index pointer_condemned on pointer (environment_id, condemned_at) where condemned_at is not null;
create index pointer_version on pointer (version_id);
create index pointer_held on pointer (environment_id, asset_id) where held_at is not null and valid_to is null;
create index pointer_schema on pointer (environment_id, asset_id, schema_hash) where valid_to is null;

create table asset_aggregate (
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
) {keyed};
create unique index asset_aggregate_open on asset_aggregate (environment_id, asset_id) where valid_to is null;
create index asset_aggregate_condemned on asset_aggregate (environment_id, condemned_at) where condemned_at is not null;
create index asset_aggregate_past on asset_aggregate (environment_id, asset_id, valid_to) where valid_to is not null;
`;
