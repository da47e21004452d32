import { asset, check, externalAsset, source, sql } from "millrace";
import * as z from "zod";

export const Iata = z.string().length(3);

export const rawFlights = externalAsset("raw_flights", {
  description: "3,000,000 US flights of January to June 2001: the file that examples/flights reads, too",
  columns: z.object({
    date: z.iso.datetime({ local: true }),
    /** Minutes, of the arrival. */
    delay: z.int(),
    /** Miles. */
    distance: z.int(),
    origin: z.string(),
    destination: z.string(),
  }),
  source: source.parquet("package:vega-datasets/data/flights-3m.parquet"),
});

/** Without what can only be typing errors, and without the six flights of July. */
const counted = sql`delay between -120 and 1440 and date < '2001-07-01'`;

/** A sum of integers, divided once: it comes out the same whatever order threads meet the rows in. */
const meanDelay = sql`sum(delay) / count(*)`;

export const AirportMonth = z.object({
  airport: Iata,
  /** "2001-01". */
  month: z.string().length(7),
  flights: z.int().min(1),
  /** Minutes. */
  mean_delay: z.number(),
  /** As the Bureau of Transportation Statistics counts: late is more than 15 minutes after schedule. */
  late_share: z.number().min(0).max(1),
});

export const airportMonths = asset("airport_months", {
  description: "Departures of each airport and month",
  group: "report",
  columns: AirportMonth,
  sql: sql`
    select
      origin as airport,
      strftime(date, '%Y-%m') as month,
      count(*) as flights,
      ${meanDelay} as mean_delay,
      count(*) filter (where delay > 15) / count(*) as late_share
    from ${rawFlights} where ${counted}
    group by all order by all`,
  checks: [check.unique("airport", "month")],
});

export const RouteDelay = z.object({
  origin: Iata,
  destination: Iata,
  flights: z.int().min(1),
  /** Minutes. */
  mean_delay: z.number(),
});

export const routeDelays = asset("route_delays", {
  description: "Delays of each route",
  group: "report",
  columns: RouteDelay,
  sql: sql`
    select origin, destination, count(*) as flights, ${meanDelay} as mean_delay
    from ${rawFlights} where ${counted}
    group by all order by all`,
  checks: [check.unique("origin", "destination")],
});
