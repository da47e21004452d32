import { asset, assetCheck, check, sql, type TableAsset } from "millrace";
import * as z from "zod";
import { flights, Iata } from "./flights.ts";

/** As the Bureau of Transportation Statistics counts: on time is up to 15 minutes after schedule. */
export const isLate = sql`delay > 15`;

/**
 * A sum of integers, divided once: avg() adds doubles in whatever order threads meet the rows, and its last digits
 * would make equal data look changed.
 */
const meanDelay = sql`sum(delay) / count(*)`;

const meanDelayIsPlausible = check.range("mean_delay", { min: -120, max: 1_440 });

export const DailyDelay = z.object({
  day: z.iso.date(),
  origin: Iata,
  flights: z.int().min(1),
  /** Minutes. */
  mean_delay: z.number(),
  late_share: z.number().min(0).max(1),
});

export const dailyDelays = asset("daily_delays", {
  description: "Delays of each day and origin",
  group: "delays",
  columns: DailyDelay,
  sql: sql`
    select
      cast(departure as date) as day,
      origin,
      count(*) as flights,
      ${meanDelay} as mean_delay,
      count(*) filter (where ${isLate}) / count(*) as late_share
    from ${flights}
    group by day, origin
    order by origin, day`,
  checks: [
    check.unique("day", "origin"),
    meanDelayIsPlausible,
    check.sql(
      "delays are in minutes",
      (table) => sql`
        select sum(mean_delay * flights) / sum(flights) as mean from ${table} having mean not between 1 and 30`,
    ),
  ],
});

export const RouteStats = z.object({
  origin: Iata,
  destination: Iata,
  flights: z.int().min(1),
  /** Minutes. */
  mean_delay: z.number(),
  /** Miles. */
  distance: z.int().min(20).max(5_500),
});

export const routeStats = asset("route_stats", {
  description: "Flights and delays of each route, over all months",
  group: "delays",
  columns: RouteStats,
  sql: sql`
    select origin, destination, count(*) as flights, ${meanDelay} as mean_delay, min(distance) as distance
    from ${flights}
    group by origin, destination
    order by origin, destination`,
  checks: [
    check.unique("origin", "destination"),
    check.rowCount({ min: 3_000, max: 4_000 }),
    meanDelayIsPlausible,
    check.sql(
      "there and back is the same distance",
      (table) => sql`
        select there.origin, there.destination, there.distance, back.distance as back
        from ${table} as there join ${table} as back
          on there.origin = back.destination and there.destination = back.origin
        where there.distance <> back.distance`,
    ),
  ],
});

const Total = z.object({ counted: z.int(), flights: z.int() });

/** A join that multiplies rows, or a filter that loses some, shows in the total. */
function countsEveryFlight(asset: TableAsset<string, { readonly flights: number }>) {
  return assetCheck("counts every flight once", {
    asset,
    deps: { flights },
    run: async ({ asset, flights }) => {
      const counted = sql`select cast(sum(flights) as bigint) from ${asset}`;
      const [total] = await asset
        .query(sql`select (${counted}) as counted, (select count(*) from ${flights}) as flights`, Total)
        .rows();
      return { passed: total !== undefined && total.counted === total.flights, metadata: { ...total } };
    },
  });
}

export const dailyDelaysCount = countsEveryFlight(dailyDelays);
export const routeStatsCount = countsEveryFlight(routeStats);
