/** Checks know the columns they are about. The text in «…» stands in tsc's message. */
import { asset, assetCheck, check, sql } from "millrace";
import type { AssetCheck, Check, FileHandle, TableHandle, TimePartition } from "millrace";
import * as z from "zod";
import {
  dailyDelays,
  DailyDelay,
  flights,
  Flight,
  model,
  type DailyDelayRow,
  type FlightRow,
  type Model,
} from "./flights.ts";
import { is } from "./is.ts";

is<Check<Record<"day" | "origin", unknown>>>()(check.unique("day", "origin"));
is<Check<Record<"delay", number | null>>>()(check.range("delay", { min: -120, max: 1440 }));
is<Check<Record<"at", Date | null>>>()(check.range("at", { min: new Date(0) }));
is<Check<Record<"status", string | null>>>()(check.accepted("status", ["ok", "late"]));

asset("all_checks", {
  columns: Flight,
  sql: sql`select 1`,
  checks: [
    check.unique("departure", "origin"),
    check.notNull("origin"),
    check.range("delay", { min: -120, max: 1440 }, { blocking: false, severity: "warn" }),
    check.range("departure", { min: new Date(0) }),
    check.range("origin", { min: "A", max: "ZZZ" }),
    check.accepted("status", ["ok"]),
    check.accepted("delay", [1, 2]),
    check.rowCount({ min: 1 }),
    check.unique(["departure", "origin"], { name: "told apart", blocking: false }),
    check.sql("no flight to itself", (table) => sql`select * from ${table} where origin = ${"SFO"}`),
  ],
});
// A check can be shared by assets that have its columns.
const hasOrigin = check.notNull("origin");
asset("shared_1", { columns: Flight, sql: sql`select 1`, checks: [hasOrigin] });
asset("shared_2", { columns: DailyDelay, sql: sql`select 1`, checks: [hasOrigin] });
asset("value_check", { value: z.number(), checks: [], run: () => 1 });

const noGaps = assetCheck("no gaps", {
  asset: flights,
  deps: { dailyDelays },
  blocking: false,
  run: async ({ asset, dailyDelays }, { partition }) => {
    is<TableHandle<FlightRow>>()(asset);
    is<TableHandle<DailyDelayRow>>()(dailyDelays);
    is<TimePartition>()(partition);
    return (await asset.count()) > (await dailyDelays.count());
  },
});
is<AssetCheck<"no gaps">>()(noGaps);
assetCheck("good model", {
  asset: model,
  run: async ({ asset }) => {
    is<FileHandle<Model>>()(asset);
    return { passed: (await asset.load()).predict([]) > 0, description: "…", metadata: { auc: 0.7 } };
  },
});

// --- refused

asset("x", {
  columns: DailyDelay,
  sql: sql`select 1`,
  // @ts-expect-error a column that there is not «Property 'orgin' is missing in type '{ day: string; origin: string;»
  checks: [check.unique("day", "orgin")],
});
asset("x", {
  columns: DailyDelay,
  sql: sql`select 1`,
  // @ts-expect-error numbers as bounds of a text «Type 'string' is not assignable to type 'number'.»
  checks: [check.range("origin", { min: 1 })],
});
asset("x", {
  columns: DailyDelay,
  sql: sql`select 1`,
  // @ts-expect-error a number is none of these texts «Type 'number' is not assignable to type 'string'.»
  checks: [check.accepted("flights", ["many"])],
});
asset("x", {
  columns: Flight,
  sql: sql`select 1`,
  // @ts-expect-error a check among others that does not fit «Property 'day' is missing in type»
  checks: [check.notNull("origin"), check.notNull("day"), check.rowCount({ min: 1 })],
});
asset("x", {
  columns: DailyDelay,
  sql: sql`select 1`,
  // @ts-expect-error what is no check «Type 'string' is not assignable to type 'Check<»
  checks: ["not null"],
});
asset("x", {
  columns: DailyDelay,
  sql: sql`select 1`,
  // @ts-expect-error a column that there is not, in a list «Property 'orgin' is missing in type»
  checks: [check.unique(["day", "orgin"], { blocking: false })],
});
// @ts-expect-error no columns «but got 0.»
check.unique();
// @ts-expect-error bounds of two types «Type 'Date' is not assignable to type '1'.»
check.range("delay", { min: 1, max: new Date() });
// @ts-expect-error a statement that is a plain text «Type 'string' is not assignable to type 'Sql<string>'.»
check.sql("x", () => "select 1");
// @ts-expect-error a severity that there is not «Type '"fatal"' is not assignable to type '"error" | "warn"»
check.rowCount({ min: 1 }, { severity: "fatal" });
assetCheck("x", {
  asset: dailyDelays,
  // @ts-expect-error a result that is none «Type 'number' is not assignable to type»
  run: ({ asset }) => asset.count(),
});
assetCheck("x", {
  asset: dailyDelays,
  // @ts-expect-error a dependency that would hide the asset under test «"`asset` is the checked one: give it another key"»
  deps: { asset: flights },
  run: () => true,
});
assetCheck("x", {
  asset: dailyDelays,
  // @ts-expect-error the partition of what has none «Property 'partition' does not exist on type 'CheckStepContext'.»
  run: (_, { partition }) => partition.key === "",
});
// @ts-expect-error no asset «Property 'asset' is missing in type»
assetCheck("x", { run: () => true });
assetCheck("x", {
  asset: dailyDelays,
  // @ts-expect-error a check makes nothing whose data version it could give «Property 'dataVersion' does not exist on type 'CheckStepContext'.»
  run: (_, { dataVersion }) => dataVersion === undefined,
});
