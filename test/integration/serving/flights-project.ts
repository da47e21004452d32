import { asset, defineProject, endpoint, page, partitions, sql } from "millrace";
import * as z from "zod";
import type { Row } from "../../../src/ports/table-engine.ts";

/** A small project with every kind of endpoint that gives SQL. */
export const Delay = z.object({
  day: z.iso.date(),
  origin: z.string(),
  flights: z.int(),
  mean_delay: z.number(),
});

export const delays = asset("delays", { columns: Delay, sql: sql`select 1` });
export const airports = asset("ref/airports", {
  columns: z.object({ iata: z.string(), name: z.string() }),
  sql: sql`select 1`,
});
export const months = partitions.monthly({ start: "2001-01", end: "2001-06" });
export const monthly = asset("monthly", {
  columns: z.object({ month: z.string(), flights: z.int() }),
  partitions: months,
  sql: sql`select 1`,
});

export const airportDelays = endpoint("GET /airports/:iata/delays", {
  description: "Delays of an airport by day",
  params: z.object({ iata: z.string().length(3) }),
  query: z.object({ from: z.iso.date().default("2001-01-01"), to: z.iso.date().default("2001-12-31") }),
  reads: { delays, airports },
  returns: z.array(Delay),
  exists: {
    title: "No such airport",
    sql: ({ airports }, { params }) => sql`select 1 from ${airports} where iata = ${params.iata}`,
  },
  handler: ({ delays }, { params, query }) =>
    sql`select * from ${delays} where origin = ${params.iata} and day between ${query.from} and ${query.to} order by day`,
});

export const airport = endpoint("GET /airports/:iata", {
  params: z.object({ iata: z.string().length(3) }),
  reads: { airports },
  returns: z.object({ iata: z.string(), name: z.string() }),
  exists: {
    title: "No such airport",
    sql: ({ airports }, { params }) => sql`select 1 from ${airports} where iata = ${params.iata}`,
  },
  handler: ({ airports }, { params }) => sql.one`select * from ${airports} where iata = ${params.iata}`,
});

export const delayPages = endpoint("GET /delays", {
  query: z.object({ limit: z.int().min(1).max(1000).default(3), after: z.string().optional() }),
  reads: { delays },
  returns: z.array(Delay),
  handler: ({ delays }, { query }) =>
    page(sql`select * from ${delays} -- all of them`, {
      by: ["day", "origin"],
      limit: query.limit,
      after: query.after,
    }),
});

export const flightsByMonth = endpoint("GET /months", {
  reads: { monthly },
  returns: z.array(z.object({ month: z.string(), flights: z.int() })),
  handler: ({ monthly }) => sql`select * from ${monthly} order by month`,
});

export const someRows: readonly Row[] = [
  { day: "2001-01-01", origin: "ATL", flights: 10, mean_delay: 1.5 },
  { day: "2001-01-01", origin: "JFK", flights: 7, mean_delay: -3 },
  { day: "2001-01-02", origin: "ATL", flights: 12, mean_delay: 2.25 },
  { day: "2001-01-02", origin: "JFK", flights: 8, mean_delay: 0 },
  { day: "2001-01-03", origin: "ATL", flights: 11, mean_delay: 1e-7 },
];
export const someAirports: readonly Row[] = [
  { iata: "ATL", name: "Atlanta" },
  { iata: "JFK", name: "New York, Kennedy" },
  { iata: "XXX", name: "Nowhere" },
];

export const flightsProject = defineProject({
  name: "flights",
  definitions: [{ delays, airports, monthly, airportDelays, airport, delayPages, flightsByMonth }],
});
