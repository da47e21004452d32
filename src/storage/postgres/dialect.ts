import type { Dialect } from "../database/dialect.ts";

export const postgresDialect: Dialect = {
  now: "cast(extract(epoch from clock_timestamp()) * 1000 as bigint)",
  join: "join",
  // Not `for update`: that would also keep others from inserting rows that refer to these, and so deadlock with them.
  lock: "for no key update",
  id: "bigint generated always as identity primary key",
  sequence: "bigint generated always as identity primary key",
  plain: "",
  keyed: "",
  integer: "bigint",
  text: 'text collate "C"',
  parameter: (index) => `$${index}`,
  rows(columns) {
    const cells = columns.map(({ name, type }, index) => {
      const cell = `value ->> ${index}`;
      return type === "integer" ? `cast(${cell} as bigint) as ${name}` : `${cell} as ${name}`;
    });
    return `(select ${cells.join(", ")} from jsonb_array_elements(cast(? as jsonb)))`;
  },
  // Any number will do, as long as nobody else uses it.
  migrationLock: "select pg_advisory_xact_lock(7201947302)",
};
