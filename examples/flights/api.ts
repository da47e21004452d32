import { endpoint, page, problem, sql, type Sql } from "millrace";
import * as z from "zod";
import { DailyDelay, dailyDelays, RouteStats, routeStats } from "./assets/delays.ts";
import { Airport, airports, Iata } from "./assets/flights.ts";
import { delayModel } from "./assets/prediction.ts";
import { probabilityLate } from "./model/delay-model.ts";
import { departureOf } from "./model/features.ts";

/** A condition for a bound that was given, and none for one that was not. */
const atLeast = (column: string, bound: string | undefined): Sql =>
  bound === undefined ? sql.empty : sql`and ${sql.id(column)} >= ${bound}`;
const atMost = (column: string, bound: string | undefined): Sql =>
  bound === undefined ? sql.empty : sql`and ${sql.id(column)} <= ${bound}`;

const Days = z.object({ from: z.iso.date().optional(), to: z.iso.date().optional() });

export const airportDelays = endpoint("GET /airports/:iata/delays", {
  description:
    "Delays of the flights that leave from an airport, by day; `from` and `to` are days, themselves included",
  params: z.object({ iata: Iata }),
  query: Days,
  reads: { airports, dailyDelays },
  returns: z.array(DailyDelay),
  exists: {
    title: "No such airport",
    sql: ({ airports }, { params }) => sql`select 1 from ${airports} where iata = ${params.iata}`,
  },
  handler: ({ dailyDelays }, { params, query }) => sql`
    select * from ${dailyDelays}
    where origin = ${params.iata} ${atLeast("day", query.from)} ${atMost("day", query.to)}
    order by day`,
});

export const routes = endpoint("GET /routes", {
  description: "Routes, those with the most flights first",
  query: z.object({
    origin: Iata.optional(),
    min_flights: z.coerce.number<string>().int().min(0).default(0),
  }),
  reads: { airports, routeStats },
  returns: z.array(RouteStats),
  exists: {
    title: "No such airport",
    sql: ({ airports }, { query }) =>
      query.origin === undefined
        ? sql`select 1`
        : sql`select 1 from ${airports} where iata = ${query.origin}`,
  },
  handler: ({ routeStats }, { query }) => sql`
    select * from ${routeStats}
    where flights >= ${query.min_flights} ${query.origin === undefined ? sql.empty : sql`and origin = ${query.origin}`}
    order by flights desc, origin, destination`,
});

export const allDailyDelays = endpoint("GET /daily-delays", {
  description: "Delays of all days and origins, page by page; the Link header names the next page",
  query: Days.extend({
    origin_from: Iata.optional(),
    origin_to: Iata.optional(),
    limit: z.coerce.number<string>().int().min(1).max(10_000).default(1_000),
    after: z.string().optional(),
  }),
  reads: { dailyDelays },
  returns: z.array(DailyDelay),
  handler: ({ dailyDelays }, { query }) =>
    page(
      sql`
        select * from ${dailyDelays}
        where true
          ${atLeast("day", query.from)} ${atMost("day", query.to)}
          ${atLeast("origin", query.origin_from)} ${atMost("origin", query.origin_to)}`,
      { by: ["day", "origin"], limit: query.limit, after: query.after },
    ),
});

export const predictDelay = endpoint("POST /predict-delay", {
  description: "Probability that a flight arrives more than 15 minutes late",
  body: z
    .object({
      origin: Iata,
      destination: Iata,
      departure: z.iso
        .datetime({ local: true })
        .regex(/\d$/, "must be the airport's local time, without a zone"),
    })
    .refine(({ origin, destination }) => origin !== destination, {
      path: ["destination"],
      message: "must be another airport than the origin",
    }),
  reads: { airports, delayModel },
  returns: z.object({ probability_late: z.number(), model_version: z.string() }),
  handler: async ({ airports, delayModel }, { body }) => {
    const { origin, destination } = body;
    const known = await airports
      .query(
        sql`select iata from ${airports} where iata in (${origin}, ${destination})`,
        Airport.pick({ iata: true }),
      )
      .rows();
    const unknown = [origin, destination].find((airport) => !known.some(({ iata }) => iata === airport));
    if (unknown !== undefined)
      throw problem(404, "No such airport", { detail: `No such airport: ${unknown}` });
    const model = await delayModel.load();
    const departure = departureOf(origin, destination, body.departure);
    return { probability_late: probabilityLate(model, departure), model_version: delayModel.dataVersion };
  },
});
