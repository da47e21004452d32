/** Two tables of as many days as `BENCH_PARTITIONS` says, the second made from the first. */
import { asset, defineProject, partitions, sql } from "millrace";
import * as z from "zod";

const days = Number(process.env["BENCH_PARTITIONS"] ?? 10);
const Row = z.object({ n: z.int() });
const end = new Date(new Date(0).setUTCFullYear(0, 0, days));
const daily = partitions.daily({ start: "0000-01-01", end: end.toISOString().slice(0, 10) });

const raw = asset("raw", { columns: Row, partitions: daily, sql: sql`select 1 as n` });
const clean = asset("clean", { columns: Row, partitions: daily, sql: sql`select n from ${raw}` });

export default defineProject({ name: "days", definitions: [raw, clean] });
