import type { Dialect } from "../database/dialect.ts";

export const sqliteDialect: Dialect = {
  now: "cast(unixepoch('subsec') * 1000 as integer)",
  join: "cross join",
  // Whoever writes has the whole database to himself.
  lock: "",
  id: "integer primary key autoincrement",
  sequence: "integer primary key",
  plain: "strict",
  keyed: "strict, without rowid",
  integer: "integer",
  text: "text",
  parameter: () => "?",
  rows(columns) {
    const cells = columns.map(({ name }, index) => `json_extract(value, '$[${index}]') as ${name}`);
    return `(select ${cells.join(", ")} from json_each(?))`;
  },
};
