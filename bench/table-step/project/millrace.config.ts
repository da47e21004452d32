/** As many tables of `BENCH_ROWS` rows as `BENCH_TABLES` says. */
import { asset, defineProject, sql, type Sql } from "millrace";
import * as z from "zod";
import { rowsSql } from "../sql.ts";

const Row = z.object({ id: z.int(), customer: z.string(), amount: z.number(), day: z.iso.date() });

/** The very text that the other side runs, without a parameter. */
function fixed(text: string): Sql {
  return sql(Object.assign([text], { raw: [text] }));
}

const tables = Array.from({ length: Number(process.env["BENCH_TABLES"] ?? 1) }, (_, index) =>
  asset(`table_${index}`, {
    columns: Row,
    sql: fixed(rowsSql(Number(process.env["BENCH_ROWS"] ?? 10), index)),
  }),
);

export default defineProject({ name: "tables", definitions: tables });
