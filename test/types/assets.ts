/** What an asset's type says, and which assets tsc refuses. The text in «…» stands in tsc's message. */
import { asset, externalAsset, fileType, source, sql } from "millrace";
import type {
  FileAsset,
  FileHandle,
  Log,
  RowOf,
  TableAsset,
  TableHandle,
  TimePartitions,
  Unpartitioned,
  ValueAsset,
  ValueHandle,
  ValueOf,
} from "millrace";
import * as z from "zod";
import {
  dailyDelays,
  DailyDelay,
  flights,
  Flight,
  model,
  ModelFile,
  months,
  rawFlights,
  reportFile,
  threshold,
  type DailyDelayRow,
  type FlightRow,
  type Model,
} from "./flights.ts";
import { is } from "./is.ts";

const One = z.object({ n: z.int() });

// The type of an asset is its name, what it holds and its partitions; never its dependencies.
is<TableAsset<"raw_flights", FlightRow, Unpartitioned>>()(rawFlights);
is<TableAsset<"flights", FlightRow, TimePartitions<"month">>>()(flights);
is<TableAsset<"daily_delays", DailyDelayRow, Unpartitioned>>()(dailyDelays);
is<ValueAsset<"threshold", { n: number }, Unpartitioned>>()(threshold);
is<FileAsset<"model", Model, Unpartitioned>>()(model);
is<FileAsset<"report", never, Unpartitioned>>()(reportFile);
is<"flights">()(flights.key);
is<"table">()(flights.kind);
is<DailyDelayRow>()(null as never as RowOf<typeof dailyDelays>);
is<{ n: number }>()(null as never as ValueOf<typeof threshold>);

// `run` gets typed handles on its dependencies, and what Millrace gives.
asset("handles", {
  columns: DailyDelay,
  partitions: months,
  deps: { raw: rawFlights, flights, dailyDelays, threshold, model },
  run: async ({ raw, flights, dailyDelays, threshold, model }, { log, signal, attempt, run, metadata }) => {
    is<TableHandle<FlightRow>>()(raw);
    is<TableHandle<FlightRow>>()(flights);
    is<TableHandle<DailyDelayRow>>()(dailyDelays);
    is<ValueHandle<{ n: number }>>()(threshold);
    is<FileHandle<Model>>()(model);
    is<Log>()(log);
    is<AbortSignal>()(signal);
    is<number>()(attempt);
    is<string>()(run.id);
    is<number>()(await flights.count());
    is<FlightRow[]>()(await flights.rows());
    is<{ n: number }>()(await threshold.get());
    is<number>()((await model.load()).predict([1]));
    is<Record<string, unknown>[]>()(await flights.query(sql`select 1 as x`).rows());
    is<{ n: number }[]>()(await flights.query(sql`select 1 as n`, One).rows());
    metadata({ auc: 0.7, curve: [[0, 0.5]], nested: { a: null } });
    return dailyDelays.rows();
  },
});

// A table comes as SQL, a query, rows, a promise of one of them, or batches.
asset("from_sql", { columns: One, deps: { flights }, run: ({ flights }) => sql`select 1 from ${flights}` });
asset("from_fragments", { columns: One, deps: { flights }, run: () => sql`select 1 from ${flights}` });
asset("from_query", { columns: One, deps: { flights }, run: ({ flights }) => flights.query(sql`select 1`) });
asset("from_rows", { columns: One, run: () => [{ n: 1 }] });
asset("from_later_rows", { columns: One, run: async () => [{ n: 1 }] });
asset("from_batches", {
  columns: Flight,
  deps: { flights },
  run: async function* ({ flights }) {
    yield* flights.batches();
  },
});
asset("row_by_row", {
  columns: One,
  run: async function* () {
    yield { n: 1 };
    yield [{ n: 2 }];
  },
});
// Literals survive a map.
asset("mapped", {
  columns: Flight,
  deps: { flights },
  run: async ({ flights }) => (await flights.rows()).map((row) => ({ ...row, status: "late" })),
});
asset("literal", {
  columns: Flight,
  run: (_) => [{ departure: new Date(), origin: "x", delay: 1, status: "ok" }],
});
// What is read may be absent from what is written: columns with a default.
asset("defaulted", {
  columns: z.object({ a: z.string(), b: z.int().default(3) }),
  run: () => [{ a: "x" }],
});
asset("branded", { columns: z.object({ id: z.string().brand("Id") }), run: () => [{ id: "x" }] });
asset("nested", {
  columns: z.object({ at: z.array(z.object({ day: z.iso.date(), n: z.int().nullable() })) }),
  run: () => [{ at: [{ day: "2001-01-01", n: null }] }],
});
asset("file_from_path", { file: "text/csv", run: () => ({ path: "/tmp/x.csv" }) });
asset("file_from_text", { file: fileType({ extension: "txt" }), run: () => "text" });
// The order of the options is free.
asset("reversed", {
  run: async ({ flights }) => (await flights.rows()).map(({ delay }) => ({ n: delay ?? 0 })),
  deps: { flights },
  columns: One,
});
asset("all_options", {
  description: "…",
  group: "sales",
  tags: { tier: "gold", pii: "" },
  owners: ["team:data", "a@b.example"],
  metadata: { link: "x", list: [1, "a", null] },
  retry: { max: 3, delay: "2s", backoff: "exponential", jitter: "full" },
  timeout: "10m",
  codeVersion: "2",
  columns: One,
  sql: sql`select 1 as n`,
});
// Mentioning an asset inside its own function is no circle.
const mentioned = asset("mentioned", {
  columns: One,
  run: (_, { log }) => {
    log.info(mentioned.key);
    return [{ n: 1 }];
  },
});
// Functions written elsewhere, and factories.
const counted = <const N extends string, Row>(name: N, of: TableAsset<string, Row>) =>
  asset(name, { value: One, deps: { of }, run: async ({ of }) => ({ n: await of.count() }) });
is<ValueAsset<"counted", { n: number }, Unpartitioned>>()(counted("counted", dailyDelays));
const wantsDay = ({ dailyDelays: _ }: { dailyDelays: TableHandle<{ day: string }> }) => [{ n: 1 }];
asset("function", { columns: One, deps: { dailyDelays }, run: wantsDay });

// --- refused

asset("x", {
  columns: DailyDelay,
  // @ts-expect-error a row lacks a column «Property 'mean_delay' is missing in type»
  run: () => [{ day: "2001-01-01", origin: "SFO", flights: 1 }],
});
asset("x", {
  columns: Flight,
  deps: { flights },
  // @ts-expect-error rows through map that lack columns «is missing the following properties from type»
  run: async ({ flights }) => (await flights.rows()).map((row) => ({ origin: row.origin })),
});
asset("x", {
  columns: DailyDelay,
  // @ts-expect-error a cell of the wrong type «Type 'string' is not assignable to type 'number'.»
  run: () => [{ day: "2001-01-01", origin: "SFO", flights: 1, mean_delay: "1" }],
});
asset("x", {
  columns: Flight,
  deps: { flights },
  // @ts-expect-error a wrong literal through map «Type '"oops"' is not assignable to type '"»
  run: async ({ flights }) => (await flights.rows()).map((row) => ({ ...row, status: "oops" })),
});
asset("x", {
  value: z.enum(["ok", "late"]),
  // TypeScript looks into a function without parameters before it knows the schema. Write `(_) => "ok"`, as above.
  // @ts-expect-error a literal from a function without parameters «'Promise<string>' is not assignable to type»
  run: async () => "ok",
});
asset("x", {
  columns: One,
  // @ts-expect-error a row that is not in a list «Type '{ n: number; }' is not assignable to type»
  run: () => ({ n: 1 }),
});
asset("x", {
  columns: One,
  sql: sql`select 1`,
  // @ts-expect-error both sql and run «is not assignable to type '"an asset has one of `sql`, `run`"'.»
  run: () => [],
});
// @ts-expect-error neither sql nor run «Property 'run' is missing in type»
asset("x", { columns: One });
asset("x", {
  columns: One,
  // @ts-expect-error two kinds «is not assignable to type '"an asset has one of `columns`, `value`, `file`"'.»
  value: z.number(),
  run: () => [],
});
asset("x", {
  // @ts-expect-error a value and a file «is not assignable to type '"an asset has one of `columns`, `value`, `file`"'.»
  value: z.number(),
  file: "text/plain",
  run: () => 1,
});
asset("x", {
  // @ts-expect-error a table and a file «is not assignable to type '"an asset has one of `columns`, `value`, `file`"'.»
  columns: One,
  file: ModelFile,
  run: () => [],
});
asset("x", {
  // @ts-expect-error no kind «is not assignable to type '"an asset has one of `columns`, `value`, `file`"'.»
  run: () => "x",
});
asset("x", {
  value: z.number(),
  // @ts-expect-error SQL makes tables only «is not assignable to type '"`sql` needs `columns`"'.»
  sql: sql`select 1`,
});
asset("x", {
  columns: One,
  // @ts-expect-error a typo in an option «'desciption' does not exist in type»
  desciption: "",
  run: () => [],
});
asset("x", {
  columns: One,
  // @ts-expect-error a dependency that is no asset «Type 'number' is not assignable to type 'AnyAsset'.»
  deps: { limit: 3 },
  run: () => [],
});
asset("x", {
  columns: One,
  deps: { flights },
  // @ts-expect-error a handle of what is not in deps «Property 'dailyDelays' does not exist on type 'Inputs<{ flights: TableAsset<"flights",»
  run: ({ dailyDelays }) => dailyDelays.rows(),
});
asset("x", {
  columns: One,
  deps: { dailyDelays },
  // @ts-expect-error a column that the dependency has not «Property 'orgin' does not exist on type '{ day: string; origin: string;»
  run: async ({ dailyDelays }) => (await dailyDelays.rows()).map((row) => ({ n: row.orgin.length })),
});
const wantsMore = ({ dailyDelays: _ }: { dailyDelays: TableHandle<{ extra: number }> }) => [{ n: 1 }];
asset("x", {
  columns: One,
  deps: { dailyDelays },
  // @ts-expect-error a function that wants another dependency «Property 'extra' is missing in type»
  run: wantsMore,
});
asset("x", {
  columns: One,
  deps: { flights },
  // @ts-expect-error SQL over an asset that is not in deps «Type '"daily_delays"' is not assignable to type '"flights"'.»
  run: () => sql`select * from ${dailyDelays}`,
});
asset("x", {
  columns: One,
  // @ts-expect-error the same without any deps «Type '"daily_delays"' is not assignable to type 'never'.»
  run: () => sql`select * from ${dailyDelays}`,
});
asset("x", {
  value: One,
  // @ts-expect-error a value that does not fit «Type 'string' is not assignable to type 'number'.»
  run: () => ({ n: "1" }),
});
asset("x", {
  file: ModelFile,
  // @ts-expect-error a file from a number «Type 'number' is not assignable to type»
  run: () => 3,
});
asset("x", {
  // @ts-expect-error columns that transform «"columns cannot transform: a column is written and read as the same type"»
  columns: z.object({ n: z.string().transform(Number) }),
  run: () => [],
});
asset("x", {
  // @ts-expect-error columns that no engine holds «"a column holds string, number, bigint, boolean, Date, null, lists and structs of them"»
  columns: z.object({ n: z.map(z.string(), z.string()) }),
  run: () => [],
});
asset("x", {
  value: z.number(),
  // @ts-expect-error an owner that is neither an e-mail address nor a team «Type '"bob"' is not assignable to type 'Owner'.»
  owners: ["bob"],
  run: () => 1,
});
asset("x", {
  value: z.number(),
  // @ts-expect-error a backoff that there is not «Type '"quadratic"' is not assignable to type»
  retry: { max: 1, backoff: "quadratic" },
  run: () => 1,
});
asset("x", {
  value: z.number(),
  deps: { reportFile },
  // @ts-expect-error what a file type without load cannot give «Property 'text' does not exist on type 'never'.»
  run: async ({ reportFile }) => (await reportFile.load()).text,
});
// @ts-expect-error an external asset without a source «Property 'source' is missing in type»
externalAsset("x", { columns: One });
externalAsset("x", {
  columns: One,
  source: source.csv("x.csv"),
  // @ts-expect-error an external asset that is made «'run' does not exist in type»
  run: () => [],
});
// @ts-expect-error an asset that depends on itself «'selfish' implicitly has type 'any'»
const selfish = asset("selfish", { columns: One, deps: { selfish }, run: () => [] });
// @ts-expect-error a circle of two «'circle' implicitly has type 'any'»
const circle = asset("circle", { columns: One, deps: { back }, run: () => [] });
// @ts-expect-error its other half «'back' implicitly has type 'any'»
const back = asset("back", { columns: One, sql: sql`select * from ${circle}` });
export { back, selfish };
