/** The test kit knows the types of assets and endpoints. The text in «…» stands in tsc's message. */
import { asset, endpoint, job, op, skip } from "millrace";
import { callEndpoint, callOp, fakeClock, given, instead, materialize, runJob } from "millrace/testing";
import * as z from "zod";
import {
  dailyDelays,
  DailyDelay,
  flights,
  model,
  months,
  perRegion,
  regions,
  threshold,
  type DailyDelayRow,
  type FlightRow,
  type Model,
} from "./flights.ts";
import { is } from "./is.ts";

const delays = endpoint("GET /airports/:iata/delays", {
  params: z.object({ iata: z.string() }),
  query: z.object({ limit: z.coerce.number<string>().default(10) }),
  reads: { dailyDelays },
  returns: z.array(DailyDelay),
  handler: ({ dailyDelays }) => dailyDelays.rows(),
});
const predict = endpoint("POST /predict", {
  body: z.object({ origin: z.string() }),
  returns: z.object({ p: z.number() }),
  handler: () => ({ p: 1 }),
});
const bare = endpoint("GET /now", { returns: z.string(), handler: () => "now" });
const row: FlightRow = { departure: new Date(0), origin: "SFO", delay: null, status: "ok" };

export async function fits(): Promise<void> {
  await using run = await materialize([dailyDelays, model], {
    given: [
      given(flights, [row], { partition: "2001-01" }),
      given(threshold, { n: 3 }),
      given(perRegion, 1, { partition: "eu" }),
      given(model, "{}"),
    ],
    now: "2001-07-01",
  });
  is<"success" | "failure" | "canceled">()(run.status);
  is<DailyDelayRow[]>()(await run.rows(dailyDelays));
  is<FlightRow[]>()(await run.rows(flights));
  is<{ n: number }>()(await run.value(threshold));
  is<Model>()(await run.load(model));
  await materialize([perRegion], { partition: "eu" });
  await materialize([flights], { partition: "2001-01" });

  const answer = await callEndpoint(delays, { params: { iata: "SFO" }, given: [given(dailyDelays, [])] });
  is<DailyDelayRow[]>()(answer.body);
  is<number>()(answer.status);
  await callEndpoint(delays, { params: { iata: "SFO" }, query: { limit: "3" } });
  is<{ p: number }>()((await callEndpoint(predict, { body: { origin: "SFO" } })).body);
  is<string>()((await callEndpoint(bare)).body);
  is<string>()((await callEndpoint(bare, { now: new Date(0) })).body);
}

export async function refused(): Promise<void> {
  // @ts-expect-error a row that lacks columns «is missing the following properties from type»
  given(dailyDelays, [{ day: "2001-01-01" }]);
  // @ts-expect-error a cell of the wrong type «Type 'string' is not assignable to type 'number'.»
  given(dailyDelays, [{ day: "2001-01-01", origin: "SFO", flights: "1", mean_delay: 1 }]);
  // @ts-expect-error a value that does not fit «Type 'string' is not assignable to type 'number'.»
  given(threshold, { n: "3" });
  // @ts-expect-error a partitioned asset without its partition «Expected 3 arguments, but got 2.»
  given(flights, [row]);
  // @ts-expect-error a key that there is not «Type '"asia"' is not assignable to type '"eu" | "us"'.»
  given(perRegion, 1, { partition: "asia" });
  // @ts-expect-error the partition of what has none «Expected 2 arguments, but got 3.»
  given(threshold, { n: 3 }, { partition: "2001-01" });
  // @ts-expect-error what is no asset «Argument of type 'StaticPartitions<"eu" | "us">' is not assignable to parameter of type»
  given(regions, []);
  // @ts-expect-error a partition that there is not «Type '"asia"' is not assignable to type '"eu" | "us" | undefined'.»
  await materialize([perRegion], { partition: "asia" });
  // @ts-expect-error the partition of what has none «Type 'string' is not assignable to type 'undefined'.»
  await materialize([threshold], { partition: "2001-01" });
  // @ts-expect-error what is no asset «Type 'string' is not assignable to type 'AnyAsset'.»
  await materialize(["flights"]);
  // @ts-expect-error content that `given` did not make «'flights' does not exist in type 'GivenAsset'.»
  await materialize([dailyDelays], { given: [{ flights: [row] }] });
  await using run = await materialize([dailyDelays]);
  // @ts-expect-error the rows of a value «is not assignable to parameter of type 'TableAsset<string,»
  await run.rows(threshold);
  // @ts-expect-error the value of a table «is not assignable to parameter of type 'ValueAsset<string,»
  await run.value(flights);
  // @ts-expect-error params that are missing «Expected 2 arguments, but got 1.»
  await callEndpoint(delays);
  // @ts-expect-error a parameter of the wrong type «Type 'number' is not assignable to type 'string'.»
  await callEndpoint(delays, { params: { iata: 3 } });
  // @ts-expect-error a query as it is parsed, not as it is sent «Type 'number' is not assignable to type 'string'.»
  await callEndpoint(delays, { params: { iata: "SFO" }, query: { limit: 3 } });
  // @ts-expect-error a body that does not fit «Property 'origin' is missing in type»
  await callEndpoint(predict, { body: {} });
  // @ts-expect-error params where the path has none «'params' does not exist in type»
  await callEndpoint(bare, { params: { iata: "SFO" } });
  // @ts-expect-error what is no endpoint «is not assignable to parameter of type 'AnyEndpoint'»
  await callEndpoint(asset("x", { value: z.number(), run: () => 1 }), {});
}

const fetchPage = op("fetch_page", {
  input: z.object({ page: z.int(), size: z.int().default(3) }),
  output: z.object({ html: z.string() }),
  config: z.object({ site: z.string(), depth: z.int().default(1) }),
  deps: { dailyDelays },
  run: () => ({ html: "" }),
});
const at = op("at", {
  input: z.object({ day: z.string().transform((text) => new Date(text)) }),
  output: z.string().transform(Number),
  run: ({ input }) => input.day.toISOString(),
});
const tick = op("tick", { output: z.int(), run: () => 1 });
const ingest = job("ingest", {
  config: z.object({ pages: z.int(), site: z.string().default("a") }),
  graph: ({ config, map }) => ({
    pages: map([1, 2], (page) => fetchPage({ page })),
    count: config.pages,
    ticks: tick(),
  }),
});
const closing = job("closing", { partitions: months, graph: () => tick() });

export async function fitsJobs(): Promise<void> {
  const clock = fakeClock("2001-01-01");
  is<Date>()(clock.now());
  await using run = await runJob(ingest, {
    config: { pages: 3 },
    runConfig: { ops: { fetch_page: { site: "b" } } },
    given: [given(dailyDelays, [])],
    ops: [
      instead(fetchPage, ({ input }, { log, attempt }) => {
        is<{ page: number; size?: number | undefined }>()(input);
        log.info("asked", { attempt });
        return input.page > 3 ? skip("there are no more") : { html: "x" };
      }),
      instead(at, ({ input }) => {
        is<Date>()(input.day);
        return "3";
      }),
      instead(tick, async () => 3),
    ],
    now: clock,
    tags: { by: "test" },
  });
  is<{ pages: { html: string }[]; count: number; ticks: number }>()(run.output);
  is<{ html: string }[]>()(await run.gave(fetchPage));
  is<number[]>()(await run.gave(at));
  is<unknown>()(await run.gave("fetch_page[0]"));
  is<"success" | "failure" | "skipped" | "pending">()(run.step("tick").status);
  is<DailyDelayRow[]>()(await run.rows(dailyDelays));
  await runJob(closing, { partition: "2001-01" });

  const call = await callOp(fetchPage, { input: { page: 3 }, config: { site: "a" } });
  is<{ html: string }>()(call.output);
  is<string | undefined>()(call.skipped);
  is<number>()((await callOp(tick)).output);
  is<number>()((await callOp(tick, { now: clock })).output);
  is<number>()((await callOp(at, { input: { day: "2001-01-01" } })).output);
  await materialize([dailyDelays], { ops: [instead(tick, () => 2)], now: clock });
}

export async function refusedJobs(): Promise<void> {
  // @ts-expect-error config that is missing «Expected 2 arguments, but got 1.»
  await runJob(ingest);
  // @ts-expect-error config that does not fit «Type 'string' is not assignable to type 'number'.»
  await runJob(ingest, { config: { pages: "3" } });
  // @ts-expect-error config that there is not «'page' does not exist in type»
  await runJob(ingest, { config: { pages: 3, page: 3 } });
  // @ts-expect-error a job with partitions without one «Expected 2 arguments, but got 1.»
  await runJob(closing);
  // @ts-expect-error the partition of a job that has none «Type 'string' is not assignable to type 'undefined'.»
  await runJob(ingest, { config: { pages: 3 }, partition: "2001-01" });
  // @ts-expect-error an op where a job is wanted «is not assignable to parameter of type 'AnyJob'»
  await runJob(tick);
  // @ts-expect-error a function that gives something else «Type 'number' is not assignable to type 'string'»
  instead(fetchPage, () => ({ html: 3 }));
  // @ts-expect-error a field that its input does not have «Property 'pages' does not exist on type»
  instead(fetchPage, ({ input }) => ({ html: `${input.pages}` }));
  // @ts-expect-error what the op gives after its schema has seen it «Type 'number' is not assignable to type»
  instead(at, () => 3);
  // @ts-expect-error an asset is given, not replaced «is not assignable to parameter of type 'Replaceable'»
  instead(dailyDelays, []);
  // @ts-expect-error a function for an op, among resources «is not assignable to type 'TestResource'»
  await callOp(tick, { resources: [instead(tick, () => 1)] });
  // @ts-expect-error an input that is missing «Expected 2 arguments, but got 1.»
  await callOp(fetchPage);
  // @ts-expect-error config that is missing «Property 'config' is missing in type»
  await callOp(fetchPage, { input: { page: 3 } });
  // @ts-expect-error an input that does not fit «Type 'string' is not assignable to type 'number'.»
  await callOp(fetchPage, { input: { page: "3" }, config: { site: "a" } });
  // @ts-expect-error an input for an op that takes none «'input' does not exist in type»
  await callOp(tick, { input: { page: 3 } });
  await using run = await runJob(ingest, { config: { pages: 3 } });
  // @ts-expect-error what the job does not give «Property 'page' does not exist on type»
  void run.output.page;
}
