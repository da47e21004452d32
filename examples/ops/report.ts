import { graph, job, op, sql } from "millrace";
import * as z from "zod";
import { airportMonths, Iata, routeDelays } from "./flights.ts";
import { reportFolder } from "./report-folder.ts";

const Airport = z.object({ iata: Iata, flights: z.int(), months: z.array(z.string()) });
const Month = z.object({
  month: z.string(),
  flights: z.int(),
  mean_delay: z.number(),
  late_share: z.number(),
});
const Route = z.object({ destination: Iata, flights: z.int(), mean_delay: z.number() });

export const busiestAirports = op("busiest_airports", {
  description: "Airports with the most departures, and the months in which they had some",
  input: z.object({ count: z.int().min(1), atLeast: z.int().min(1) }),
  output: z.array(Airport),
  deps: { airportMonths },
  run: async ({ input, airportMonths }) =>
    airportMonths
      .query(
        sql`
          select airport as iata, cast(sum(flights) as bigint) as flights, list(month order by month) as months
          from ${airportMonths}
          group by airport having sum(flights) >= ${input.atLeast}
          order by flights desc, iata limit ${input.count}`,
        Airport,
      )
      .rows(),
});

export const monthOf = op("month_of", {
  description: "One month of an airport",
  input: z.object({ airport: Iata, month: z.string() }),
  output: Month,
  deps: { airportMonths },
  run: async ({ input, airportMonths }) => {
    const [found] = await airportMonths
      .query(
        sql`
          select month, flights, mean_delay, late_share
          from ${airportMonths} where airport = ${input.airport} and month = ${input.month}`,
        Month,
      )
      .rows();
    if (found === undefined) throw new Error(`${input.airport} had no flights in ${input.month}`);
    return found;
  },
});

export const isLarge = op("is_large", {
  description: "Is the airport worth a closer look?",
  input: z.object({ flights: z.int(), from: z.int() }),
  output: z.boolean(),
  run: ({ input }) => input.flights >= input.from,
});

export const slowestRoutes = op("slowest_routes", {
  description: "The routes of an airport that arrive latest, of those flown every day",
  input: z.object({ airport: Iata }),
  output: z.array(Route),
  deps: { routeDelays },
  config: z.object({ count: z.int().min(1).default(3), atLeast: z.int().min(1).default(181) }),
  run: async ({ input, routeDelays }, { config }) =>
    routeDelays
      .query(
        sql`
          select destination, flights, mean_delay
          from ${routeDelays} where origin = ${input.airport} and flights >= ${config.atLeast}
          order by mean_delay desc, destination limit ${config.count}`,
        Route,
      )
      .rows(),
});

const minutes = (delay: number): string => `${delay.toFixed(1)} min`;
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

export const writeSection = op("write_section", {
  description: "What the report says of an airport",
  input: z.object({ airport: Airport, months: z.array(Month), routes: z.array(Route) }),
  output: z.string(),
  run({ input: { airport, months, routes } }) {
    const lines = months.map(
      ({ month, flights, mean_delay, late_share }) =>
        `| ${month} | ${flights} | ${minutes(mean_delay)} | ${percent(late_share)} |`,
    );
    const slow = routes.map(
      ({ destination, flights, mean_delay }) =>
        `- to ${destination}: ${minutes(mean_delay)} on average, over ${flights} flights`,
    );
    return [
      `## ${airport.iata}: ${airport.flights} departures`,
      "",
      "| month | flights | mean delay | late |",
      "| --- | ---: | ---: | ---: |",
      ...lines,
      ...(slow.length === 0 ? [] : ["", "Slowest routes:", "", ...slow]),
    ].join("\n");
  },
});

export const publishReport = op("publish_report", {
  description: "Writes the file, and a line of what was written when",
  input: z.object({ sections: z.array(z.string()) }),
  output: z.object({ file: z.string(), airports: z.int() }),
  resources: { reportFolder },
  retry: { max: 3, delay: "10s" },
  async run({ input: { sections }, reportFolder }, { checkpoint, log, run }) {
    const text = ["# Departures of 2001, January to June", ...sections, ""].join("\n\n");
    // Each once, also where a try fails or the process is killed between them: the file need not be written again, and
    // the line must not.
    const file = await checkpoint("file", () => reportFolder.write("airports.md", text));
    await checkpoint("history", () =>
      reportFolder.append("history.log", `${run.id} ${sections.length} airports`),
    );
    log.info("written", { file, airports: sections.length });
    return { file, airports: sections.length };
  },
});

/** All there is to do for one airport. Called in a map, it is done for each. */
export const section = graph("section", {
  input: z.object({ airport: Airport, largeFrom: z.int() }),
  graph({ input: { airport, largeFrom }, map, when, orElse }) {
    const months = map(airport.months, (month) => monthOf({ airport: airport.iata, month }), {
      key: (month) => month,
    });
    const routes = when(isLarge({ flights: airport.flights, from: largeFrom }), () =>
      slowestRoutes({ airport: airport.iata }),
    );
    return writeSection({ airport, months, routes: orElse(routes, []) });
  },
});

export const report = job("report", {
  description: "A report on the busiest airports, as a Markdown file",
  config: z.object({
    /** How many airports it tells of. */
    airports: z.int().min(1).max(300).default(12),
    /** Departures that an airport has at least to be told of. */
    atLeast: z.int().min(1).default(1_000),
    /** Departures from which on an airport's routes are looked at. */
    largeFrom: z.int().min(1).default(75_000),
  }),
  retry: { max: 2, delay: "1s" },
  graph({ config, map, materialize }) {
    const made = materialize([airportMonths, routeDelays]);
    const airports = busiestAirports({ count: config.airports, atLeast: config.atLeast }, { after: made });
    const sections = map(airports, (airport) => section({ airport, largeFrom: config.largeFrom }), {
      key: ({ iata }) => iata,
      concurrency: 4,
    });
    return publishReport({ sections });
  },
});
