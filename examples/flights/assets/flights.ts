import { asset, assetCheck, check, externalAsset, partitions, source, sql } from "millrace";
import * as z from "zod";

/** Local time at the airport, as BTS reports it: no zone. */
const LocalTime = z.iso.datetime({ local: true });
export const Iata = z.string().length(3);

const RawFlight = z.object({
  date: LocalTime,
  delay: z.int(),
  distance: z.int(),
  origin: z.string(),
  destination: z.string(),
});

export const rawFlights = externalAsset("raw_flights", {
  description:
    "3,000,000 US flights of January to June 2001, as the Bureau of Transportation Statistics has them",
  group: "sources",
  columns: RawFlight,
  source: source.parquet("package:vega-datasets/data/flights-3m.parquet"),
});

export const Airport = z.object({
  iata: Iata,
  name: z.string(),
  city: z.string(),
  state: z.string(),
  country: z.string(),
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
});

export const airportsFile = externalAsset("airports_file", {
  description: "Airports of the United States and its territories",
  group: "sources",
  columns: Airport,
  source: source.csv("package:vega-datasets/data/airports.csv"),
});

// With an end, so that the few flights of 1 July in the file belong to no partition.
export const months = partitions.monthly({ start: "2001-01", end: "2001-06" });

/** The shortest flight of the data is 21 miles, the longest 4,962; in kilometres that would be 7,986. */
const Miles = z.int().min(20).max(5_500);

export const Flight = z.object({
  /** When it left. */
  departure: LocalTime,
  origin: Iata,
  destination: Iata,
  /** Miles. */
  distance: Miles,
  /** Minutes it arrived after its scheduled time; negative: before. */
  delay: z.int().min(-120).max(1_440),
});

export const flights = asset("flights", {
  description: "Flights, each once, without delays that can only be typing errors",
  group: "flights",
  partitions: months,
  columns: Flight,
  sql: sql`
    select distinct date as departure, origin, destination, distance, delay
    from ${rawFlights}
    where date >= ${months.start} and date < ${months.end} and delay between -120 and 1440
    order by departure, origin, destination, delay`,
  checks: [
    check.rowCount({ min: 400_000, max: 600_000 }),
    check.unique("departure", "origin", "destination", "distance", "delay"),
    check.sql(
      "departures lie in the month",
      (table) => sql`select * from ${table} where departure < ${months.start} or departure >= ${months.end}`,
    ),
    check.sql(
      "no day is missing",
      (table) => sql`
        select count(distinct cast(departure as date)) as days from ${table}
        having days <> date_diff('day', ${months.start}, ${months.end})`,
    ),
    check.sql(
      "no flight to its own origin",
      (table) => sql`select * from ${table} where origin = destination`,
    ),
    check.sql(
      "a route has one distance",
      (table) => sql`
        select origin, destination, min(distance) as least, max(distance) as most from ${table}
        group by origin, destination having least <> most`,
    ),
    // Delays in hours or seconds would pass the bounds of single rows, but not this.
    check.sql(
      "delays are in minutes",
      (table) => sql`select sum(delay) / count(*) as mean from ${table} having mean not between 1 and 30`,
    ),
  ],
});

export const airports = asset("airports", {
  description: "Airports that flights leave from or arrive at",
  group: "flights",
  columns: Airport,
  sql: sql`
    select * from ${airportsFile}
    where iata in (select origin from ${flights} union select destination from ${flights})`,
  checks: [check.unique("iata"), check.rowCount({ min: 200, max: 300 })],
});

export const everyAirportIsKnown = assetCheck("every airport of a flight is known", {
  asset: airports,
  deps: { flights },
  run: async ({ asset, flights }) => {
    const missing = await flights
      .query(
        sql`
          select distinct iata from (select origin as iata from ${flights} union all select destination from ${flights})
          where iata not in (select iata from ${asset}) order by iata`,
        Airport.pick({ iata: true }),
      )
      .rows();
    return { passed: missing.length === 0, metadata: { missing: missing.map(({ iata }) => iata) } };
  },
});
