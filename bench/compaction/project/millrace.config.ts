/** A table of as many days as `BENCH_PARTITIONS` says, a hundred rows each, and the same rows in one file. */
import { asset, defineProject, partitions, sql } from "millrace";
import * as z from "zod";

const days = Number(process.env["BENCH_PARTITIONS"] ?? 10);
const Reading = z.object({ day: z.int(), station: z.int(), value: z.number() });
const end = new Date(Date.UTC(1990, 0, days));
const daily = partitions.daily({ start: "1990-01-01", end: end.toISOString().slice(0, 10) });

const readings = asset("readings", {
  columns: Reading,
  partitions: daily,
  sql: sql`
    select epoch(${daily.start}::timestamp)::integer // 86400 as day, range::integer as station,
      (hash(range, ${daily.start}) % 1000)::double / 7 as value
    from range(100)`,
});

const together = asset("together", { columns: Reading, sql: sql`select * from ${readings}` });

export default defineProject({ name: "packing", definitions: [readings, together] });
