/** Checks know the columns they are about. The text in «…» stands in tsc's message. */
import { asset, assetCheck, assetChecks, check, sql } from "millrace";
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

// Of the whole asset there is no partition.
assetCheck("all months", {
  asset: flights,
  scope: "asset",
  severity: "warn",
  run: async ({ asset }, context) => {
    is<TableHandle<FlightRow>>()(asset);
    // @ts-expect-error the whole asset has no partition «Property 'partition' does not exist on type 'CheckStepContext'.»
    return context.partition === undefined;
  },
});
is<AssetCheck<"first" | "second">>()(
  assetChecks({
    asset: flights,
    checks: { first: {}, second: { severity: "warn" } },
    run: () => ({ first: true, second: { passed: false, severity: "warn" } }),
  }),
);
is<Check<Record<"origin", string | null>>>()(check.references("origin", dailyDelays, "origin"));
is<Check<Record<"at", Date | string | null>>>()(check.freshness({ column: "at", maxAge: "1d" }));
asset("rules_about_before", {
  columns: Flight,
  sql: sql`select 1`,
  checks: [
    check.references("origin", dailyDelays, "origin", { scope: "asset" }),
    check.freshness({ maxAge: "1d" }),
    check.freshness({ column: "departure", maxAge: "1d" }),
    check.rowCountChange({ max: 0.5 }),
    check.rowCountChange({ decrease: 0.1 }, { severity: "warn" }),
    check.schemaUnchanged(),
    check.metadata("auc", { min: 0.6 }),
  ],
});
asset("value_metadata", { value: z.number(), checks: [check.metadata("auc", { min: 0.6 })], run: () => 1 });

// --- refused

// @ts-expect-error a column that the other asset does not have «Argument of type '"iata"' is not assignable to parameter of type»
check.references("origin", dailyDelays, "iata");
asset("x", {
  columns: Flight,
  sql: sql`select 1`,
  // @ts-expect-error the age of what is no time «Type 'number' is not assignable to type 'string | Date | null'.»
  checks: [check.freshness({ column: "delay", maxAge: "1d" })],
});
// @ts-expect-error a warning that blocks «Type 'true' is not assignable to type 'false'.»
check.rowCount({ min: 1 }, { severity: "warn", blocking: true });
assetCheck("x", {
  asset: dailyDelays,
  severity: "warn",
  // @ts-expect-error a warning that blocks «Type 'true' is not assignable to type '"a warning never blocks" | false'.»
  blocking: true,
  run: () => true,
});
assetChecks({
  asset: dailyDelays,
  checks: { first: {}, second: {} },
  // @ts-expect-error a result that is missing «Property 'second' is missing in type '{ first: true; }'»
  run: () => ({ first: true }),
});
// @ts-expect-error both directions and one of them «Type 'number' is not assignable to type 'undefined'.»
check.rowCountChange({ max: 0.5, decrease: 0.1 });
// @ts-expect-error a scope that a rule about one version does not have «'scope' does not exist in type»
check.schemaUnchanged({ scope: "asset" });

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
