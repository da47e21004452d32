/** The test kit knows the types of assets and endpoints. The text in «…» stands in tsc's message. */
import { asset, endpoint } from "millrace";
import { callEndpoint, given, materialize } from "millrace/testing";
import * as z from "zod";
import {
  dailyDelays,
  DailyDelay,
  flights,
  model,
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
