/** What partitions bring with them. The text in «…» stands in tsc's message. */
import { asset, partitions, sql } from "millrace";
import type {
  KeyPartition,
  Param,
  PartitionKeyOf,
  StaticPartitions,
  TableHandle,
  TimePartition,
  TimePartitions,
  ValueHandle,
  ValuesHandle,
} from "millrace";
import * as z from "zod";
import { days, flights, Flight, months, perRegion, regions, type FlightRow } from "./flights.ts";
import { is } from "./is.ts";

is<TimePartitions<"month">>()(months);
is<TimePartitions<"day">>()(days);
is<StaticPartitions<"eu" | "us">>()(regions);
is<Param<Date>>()(months.start);
is<Param<string>>()(months.key);
is<Param<"eu" | "us">>()(regions.key);
is<string>()(null as never as PartitionKeyOf<typeof months>);
is<"eu" | "us">()(null as never as PartitionKeyOf<typeof regions>);

// `run` gets its partition where there are partitions.
asset("monthly", {
  columns: Flight,
  partitions: months,
  run: (_, { partition }) => {
    is<TimePartition>()(partition);
    is<Date>()(partition.start);
    return sql`select * from x where at >= ${partition.start} and at < ${partition.end}`;
  },
});
asset("regional", {
  value: z.string(),
  partitions: regions,
  run: (_, { partition }) => {
    is<KeyPartition<"eu" | "us">>()(partition);
    return partition.key;
  },
});
// Alike: the same partition. Otherwise all of them: a table is then all rows, values come one by one.
asset("alike", {
  value: z.number(),
  partitions: regions,
  deps: { perRegion },
  run: ({ perRegion }) => {
    is<ValueHandle<number>>()(perRegion);
    return perRegion.get();
  },
});
asset("over_all", {
  value: z.number(),
  deps: { perRegion, flights },
  run: async ({ perRegion, flights }) => {
    is<ValuesHandle<number>>()(perRegion);
    is<TableHandle<FlightRow>>()(flights);
    let sum = 0;
    for await (const [key, value] of perRegion.entries()) sum += value + key.length;
    return sum;
  },
});

// --- refused

asset("x", {
  value: z.string(),
  // @ts-expect-error the partition of what has none «Property 'partition' does not exist on type 'StepContext'.»
  run: (_, { partition }) => partition.key,
});
asset("x", {
  value: z.string(),
  partitions: regions,
  // @ts-expect-error a key has no start «Property 'start' does not exist on type 'KeyPartition<"eu" | "us">'.»
  run: (_, { partition }) => partition.start,
});
asset("x", {
  value: z.boolean(),
  partitions: regions,
  // @ts-expect-error a key that there is not «types '"eu" | "us"' and '"asia"' have no overlap.»
  run: (_, { partition }) => partition.key === "asia",
});
asset("x", {
  value: z.number(),
  deps: { perRegion },
  // @ts-expect-error one value of many «Property 'get' does not exist on type 'ValuesHandle<number>'.»
  run: ({ perRegion }) => perRegion.get(),
});
// @ts-expect-error a static partition's bounds «Property 'start' does not exist on type 'StaticPartitions<"eu" | "us">'.»
sql`select ${regions.start}`;
// @ts-expect-error no start «Property 'start' is missing in type '{}' but required in type 'TimeOptions'.»
partitions.monthly({});
// @ts-expect-error keys that are no texts «Type 'number' is not assignable to type 'string'.»
partitions.static([1, 2]);
asset("x", {
  value: z.number(),
  // @ts-expect-error partitions that are none «is not assignable to type»
  partitions: ["eu", "us"],
  run: () => 1,
});

// An asset over all partitions of another may do without some; one with partitions of its own reads no others.
asset("does_without", {
  value: z.int(),
  deps: { flights },
  missing: "skip",
  run: ({ flights }) => flights.count(),
});
asset("sql_without", {
  columns: z.object({ n: z.int() }),
  missing: "skip",
  sql: sql`select count(*) as n from ${flights}`,
});
asset("skips_otherwise", {
  value: z.int(),
  deps: { flights },
  // @ts-expect-error «"block" | "skip"»
  missing: "ignore",
  run: ({ flights }) => flights.count(),
});
asset("has_partitions", {
  value: z.int(),
  partitions: months,
  deps: { flights },
  // @ts-expect-error «`missing` is for an asset without partitions»
  missing: "skip",
  run: ({ flights }) => flights.count(),
});
