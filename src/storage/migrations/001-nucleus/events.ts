/** What happened. */
export const events = `
create table event (
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
) {keyed};
create index event_run on event (run_id, position) where run_id is not null;
`;
