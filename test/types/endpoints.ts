/** What an endpoint's type says, and which endpoints tsc refuses. The text in «…» stands in tsc's message. */
import { defineProject, endpoint, page, problem, reply, sql } from "millrace";
import type { Endpoint, FileHandle, TableHandle, ValueHandle, ValuesHandle } from "millrace";
import * as z from "zod";
import {
  dailyDelays,
  DailyDelay,
  flights,
  model,
  perRegion,
  threshold,
  type DailyDelayRow,
  type FlightRow,
  type Model,
} from "./flights.ts";
import { is } from "./is.ts";

const One = z.object({ a: z.string() });

// The type of an endpoint is its route, what a caller gives and what it gets.
export const airportDelays = endpoint("GET /airports/:iata/delays", {
  params: z.object({ iata: z.string().length(3) }),
  query: z.object({ from: z.iso.date(), to: z.iso.date().optional() }),
  reads: { dailyDelays },
  returns: z.array(DailyDelay),
  exists: {
    title: "No such airport",
    sql: ({ dailyDelays }, { params }) => sql`select 1 from ${dailyDelays} where origin = ${params.iata}`,
  },
  handler: ({ dailyDelays }, { params, query, signal, url }) => {
    is<TableHandle<DailyDelayRow>>()(dailyDelays);
    is<{ iata: string }>()(params);
    is<{ from: string; to?: string | undefined }>()(query);
    is<AbortSignal>()(signal);
    is<URL>()(url);
    return sql`select * from ${dailyDelays} where origin = ${params.iata} and day >= ${query.from}`;
  },
});
is<
  Endpoint<
    "GET /airports/:iata/delays",
    { readonly params: { iata: string }; readonly query: { from: string; to?: string | undefined } },
    DailyDelayRow[]
  >
>()(airportDelays);
// Without `params` they are texts, under their names in the path.
const two = endpoint("GET /a/:first/b/:second.csv", {
  handler: (_, { params }) => {
    is<{ readonly first: string; readonly second: string }>()(params);
    return params.first + params.second;
  },
});
is<
  Endpoint<
    "GET /a/:first/b/:second.csv",
    { readonly params: { readonly first: string; readonly second: string } },
    unknown
  >
>()(two);
const bare = endpoint("GET /now", { returns: z.string(), handler: () => "now" });
is<Endpoint<"GET /now", {}, string>>()(bare);
// What is parsed is given; what a caller sends is its input.
const coerced = endpoint("GET /page/:n", {
  params: z.object({ n: z.coerce.number<string>() }),
  query: z.object({ limit: z.coerce.number<string>().default(10) }),
  headers: z.object({ "x-tenant": z.string() }),
  returns: z.number(),
  handler: (_, { params, query, headers }) => {
    is<number>()(query.limit);
    is<string>()(headers["x-tenant"]);
    return params.n;
  },
});
is<
  Endpoint<
    "GET /page/:n",
    {
      readonly params: { n: string };
      readonly query?: { limit?: string | undefined };
      readonly headers: { "x-tenant": string };
    },
    number
  >
>()(coerced);
export const predict = endpoint("POST /predict", {
  body: z.object({ origin: z.string() }),
  reads: { model, threshold },
  returns: z.object({ p: z.number(), model_version: z.string() }),
  handler: async ({ model, threshold }, { body }) => {
    is<FileHandle<Model>>()(model);
    is<ValueHandle<{ n: number }>>()(threshold);
    if (body.origin === "") throw problem(404, "No such airport", { origin: body.origin });
    return { p: (await model.load()).predict([]), model_version: model.dataVersion };
  },
});

// A list comes as SQL, a page, a query or rows; one object as `sql.one` or itself; each also in a reply.
const Delays = z.array(DailyDelay);
const reads = { dailyDelays };
endpoint("GET /sql", { reads, returns: Delays, handler: ({ dailyDelays }) => sql`from ${dailyDelays}` });
endpoint("GET /page", {
  reads,
  returns: Delays,
  handler: ({ dailyDelays }) => page(sql`from ${dailyDelays}`, { by: ["day"], limit: 3 }),
});
endpoint("GET /query", {
  reads,
  returns: Delays,
  handler: ({ dailyDelays }) => dailyDelays.query(sql`from ${dailyDelays}`),
});
endpoint("GET /rows", { reads, returns: Delays, handler: ({ dailyDelays }) => dailyDelays.rows() });
endpoint("GET /one", { reads, returns: One, handler: ({ dailyDelays }) => sql.one`from ${dailyDelays}` });
endpoint("POST /made", { returns: One, handler: () => reply(201, { a: "x" }, { location: "/made/1" }) });
endpoint("GET /literal", {
  returns: z.array(z.object({ level: z.enum(["low", "high"]) })),
  reads,
  handler: async ({ dailyDelays }) =>
    (await dailyDelays.rows()).map((row) => ({ level: row.flights > 3 ? "high" : "low" })),
});
// A partitioned asset is read whole.
endpoint("GET /whole", {
  reads: { flights, perRegion },
  handler: ({ flights, perRegion }) => {
    is<TableHandle<FlightRow>>()(flights);
    is<ValuesHandle<number>>()(perRegion);
  },
});
defineProject({ name: "flights", definitions: [dailyDelays, airportDelays, { predict }] });

// --- refused

// @ts-expect-error a method that there is not «Argument of type '"GTE /x"' is not assignable to parameter of type»
endpoint("GTE /x", { handler: () => 1 });
// @ts-expect-error a path without a slash «is not assignable to parameter of type»
endpoint("GET x", { handler: () => 1 });
endpoint("GET /a/:id", {
  // @ts-expect-error params of other names than the path «"the path \"GET /a/:id\" has :id, which params lacks"»
  params: z.object({ ident: z.string() }),
  handler: () => "x",
});
endpoint("GET /a/:id/:part", {
  // @ts-expect-error params that lack one of the path «"the path \"GET /a/:id/:part\" has :part, which params lacks"»
  params: z.object({ id: z.string() }),
  handler: () => "x",
});
endpoint("GET /a/:id", {
  // @ts-expect-error params that the path has not «"the path \"GET /a/:id\" has no :extra"»
  params: z.object({ id: z.string(), extra: z.string() }),
  handler: () => "x",
});
endpoint("GET /a", {
  // @ts-expect-error params where the path has none «"the path \"GET /a\" has no :id"»
  params: z.object({ id: z.string() }),
  handler: () => "x",
});
endpoint("GET /a/:id", {
  // @ts-expect-error a path parameter that is not in the path «Property 'iata' does not exist on type»
  handler: (_, { params }) => params.iata,
});
endpoint("GET /a", {
  // @ts-expect-error a path without parameters «Property 'params' does not exist on type 'RequestContext'.»
  handler: (_, { params }) => params,
});
endpoint("GET /a", {
  // @ts-expect-error a query that is not declared «Property 'query' does not exist on type 'RequestContext'.»
  handler: (_, { query }) => query,
});
endpoint("GET /a", {
  query: z.object({ from: z.string() }),
  // @ts-expect-error a field that the query has not «Property 'form' does not exist on type '{ from: string; }'»
  handler: (_, { query }) => query.form,
});
endpoint("GET /a", {
  // @ts-expect-error a body «is not assignable to type '"GET has no body"'.»
  body: z.object({}),
  handler: () => 1,
});
endpoint("GET /a", {
  returns: One,
  // @ts-expect-error an answer that `returns` forbids «Type 'number' is not assignable to type 'string'.»
  handler: () => ({ a: 1 }),
});
endpoint("GET /a", {
  returns: z.array(DailyDelay),
  reads: { dailyDelays },
  // @ts-expect-error rows that lack columns «is missing the following properties from type»
  handler: async ({ dailyDelays }) => (await dailyDelays.rows()).map(({ day, origin }) => ({ day, origin })),
});
endpoint("GET /a", {
  returns: One,
  // @ts-expect-error a list where one object is due «Type '"sql: rows"' is not assignable to type '"sql.one: one row"'.»
  handler: () => sql`select 1`,
});
endpoint("GET /a", {
  returns: z.array(One),
  // @ts-expect-error one object where a list is due «Type '"sql.one: one row"' is not assignable to type '"sql: rows"'.»
  handler: () => sql.one`select 1`,
});
endpoint("GET /a", {
  returns: z.number(),
  // @ts-expect-error SQL where a number is due «is not assignable to type»
  handler: () => sql`select 1`,
});
endpoint("GET /a", {
  returns: One,
  // @ts-expect-error a reply with what `returns` forbids «Type 'number' is not assignable to type 'string'.»
  handler: () => reply(200, { a: 1 }),
});
endpoint("GET /a", {
  reads: { dailyDelays },
  returns: z.array(DailyDelay),
  // @ts-expect-error SQL over an asset that is not in reads «Type '"flights"' is not assignable to type '"daily_delays"'.»
  handler: () => sql`select * from ${flights}`,
});
endpoint("GET /a", {
  reads: { dailyDelays },
  returns: z.array(DailyDelay),
  // @ts-expect-error the same in a page «Type '"flights"' is not assignable to type '"daily_delays"'.»
  handler: () => page(sql`select * from ${flights}`, { by: ["day"], limit: 1 }),
});
endpoint("GET /a", {
  reads: { dailyDelays },
  exists: {
    title: "No such airport",
    // @ts-expect-error the same in exists «Type '"flights"' is not assignable to type '"daily_delays"'.»
    sql: () => sql`select * from ${flights}`,
  },
  handler: () => 1,
});
endpoint("GET /a", {
  reads: { dailyDelays },
  // @ts-expect-error a handle of what is not in reads «Property 'flights' does not exist on type 'Inputs<{ dailyDelays: TableAsset<"daily_delays",»
  handler: ({ flights }) => flights.rows(),
});
endpoint("GET /a", {
  // @ts-expect-error what is no asset «Type 'string' is not assignable to type 'AnyAsset'.»
  reads: { table: "daily_delays" },
  handler: () => 1,
});
endpoint("GET /a", {
  // @ts-expect-error a typo in an option «'retruns' does not exist in type»
  retruns: One,
  handler: () => 1,
});
// @ts-expect-error no handler «Property 'handler' is missing in type»
endpoint("GET /a", { returns: One });
// @ts-expect-error a page in no order «Source has 0 element(s) but target requires 1.»
page(sql`select 1`, { by: [], limit: 1 });
