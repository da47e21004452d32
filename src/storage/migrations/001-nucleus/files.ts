/** Files that more than one version needs, and those that none needs any longer. */
export const files = `
-- Files that several versions have in their location, with each of those that may still be needed.
create table shared_file (
  store text not null,
  file text not null,
  version_id text not null references version (id),
  primary key (store, file, version_id)
) {keyed};
create index shared_file_version on shared_file (version_id);

-- Files that no version needs any longer: removed a grace after that, when nobody can be reading them.
create table doomed_file (
  project_id integer not null references project (id),
  store text not null,
  file text not null,
  doomed_at integer not null,
  primary key (project_id, store, file)
) {keyed};
create index doomed_file_time on doomed_file (project_id, doomed_at);

-- Files that are being written for versions which are there already, under an id of their own: no version has them
-- before their writer says so. Who has not said so in time has lost them.
create table intended_pack (
  id text primary key,
  project_id integer not null references project (id),
  expires_at integer not null
) {keyed};
`;
