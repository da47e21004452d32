import { asset, defineProject, endpoint, partitions, sql } from "millrace";
import * as z from "zod";

/** A small table for each of some days, and endpoints that promise no order. */
const days = partitions.daily({ start: "2024-01-01", end: process.env["LAST_DAY"] ?? "2024-01-24" });
const Reading = z.object({ day: z.iso.date(), station: z.int(), value: z.number() });

export const readings = asset("readings", {
  columns: Reading,
  partitions: days,
  codeVersion: process.env["CODE"] ?? "1",
  run: (_, { partition }) => {
    const day = Number(partition.key.slice(-2));
    // Not sorted by anything: the order in which rows lie shows.
    return Array.from({ length: 40 }, (_, index) => ({
      day: partition.key,
      station: (index * 17 + day) % 37,
      value: Math.sin(index * day) * Number(process.env["FACTOR"] ?? 1),
    }));
  },
});

export const rows = endpoint("GET /rows", {
  returns: z.array(Reading),
  reads: { readings },
  timeLimit: "2s",
  handler: ({ readings }) => sql`select day, station, value from ${readings}`,
});

export const sums = endpoint("GET /sums", {
  returns: z.array(z.object({ station: z.int(), value: z.number(), days: z.int() })),
  reads: { readings },
  timeLimit: "2s",
  handler: ({ readings }) =>
    sql`select station, sum(value) as value, count(*) as days from ${readings} group by station`,
});

export const ofDay = endpoint("GET /days/:day", {
  params: z.object({ day: z.iso.date() }),
  returns: z.array(Reading),
  reads: { readings },
  timeLimit: "2s",
  handler: ({ readings }, { params }) => sql`select * from ${readings} where day = ${params.day}::date`,
});

export default defineProject({
  name: "packing",
  retention: process.env["RETENTION"] ?? "30d",
  grace: process.env["GRACE"] ?? "4s",
  definitions: [{ readings, rows, sums, ofDay }],
});
