/** Processes that serve endpoints, and what those read. */
export const servers = `
-- A process that serves endpoints; forgotten when it has not been heard of until expires_at.
create table server (
  id text primary key,
  environment_id integer not null references environment (id),
  host text not null,
  pid integer not null,
  started_at integer not null,
  expires_at integer not null
) {keyed};
create index server_environment on server (environment_id, expires_at);

-- The columns that an endpoint of a server reads of a table.
create table endpoint_contract (
  asset_id integer not null references asset (id),
  server_id text not null references server (id) on delete cascade,
  endpoint text not null,
  schema_hash text not null references table_schema (hash),
  primary key (asset_id, server_id, endpoint)
) {keyed};
create index endpoint_contract_server on endpoint_contract (server_id);
`;
