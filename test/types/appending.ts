/** What an appending asset's type says, and which ones tsc refuses. The text in «…» stands in tsc's message. */
import { asset, sql } from "millrace";
import type { AppendContext, RunContext, TableAsset, TableHandle, Unpartitioned } from "millrace";
import * as z from "zod";
import { flights, Flight, months, type FlightRow } from "./flights.ts";
import { is } from "./is.ts";

const One = z.object({ n: z.int() });

// The rows so far are typed, with and without partitions, before and after `columns`.
const log = asset("log", {
  columns: Flight,
  write: "append",
  deps: { flights },
  run: async ({ flights }, { previous, metadata }) => {
    is<TableHandle<FlightRow>>()(previous);
    is<FlightRow[]>()(await previous.rows());
    metadata({ before: await previous.count() });
    return sql`select * from ${flights} where departure > (select max(departure) from ${previous})`;
  },
});
is<TableAsset<"log", FlightRow, Unpartitioned>>()(log);
asset("partitioned", {
  partitions: months,
  write: "append",
  columns: One,
  run: async (_, { previous, partition }) => [
    { n: (await previous.count()) + partition.start.getUTCFullYear() },
  ],
});
asset("from_sql", {
  columns: One,
  write: "append",
  sql: sql`select n from ${flights} where n > (select max(n) from ${sql.previous})`,
});
asset("row_by_row", {
  columns: One,
  write: "append",
  async *run(_, { previous }) {
    yield { n: await previous.count() };
  },
});
// Functions written elsewhere.
const next = async (_: object, { previous }: RunContext<Unpartitioned> & AppendContext<{ n: number }>) => [
  { n: await previous.count() },
];
asset("function", { columns: One, write: "append", run: next });
asset("said", { columns: One, write: "replace", run: () => [{ n: 1 }] });

// --- refused

asset("x", {
  columns: One,
  // @ts-expect-error the rows so far of an asset that replaces them «Property 'previous' does not exist on type»
  run: (_, { previous }) => [{ n: previous }],
});
asset("x", {
  columns: One,
  write: "replace",
  // @ts-expect-error the same where that is said «Property 'previous' does not exist on type»
  run: (_, { previous }) => [{ n: previous }],
});
asset("x", {
  columns: One,
  write: "append",
  // @ts-expect-error a function that wants rows so far of another type «Type 'TableHandle<{ n: number; }>' is not assignable to type 'TableHandle<{ id: string; }>'.»
  run: (_: object, { previous: __ }: AppendContext<{ id: string }>) => [{ n: 1 }],
});
asset("x", {
  value: z.number(),
  write: "append",
  // @ts-expect-error a value has no rows «is not assignable to type '"`write: \"append\"` adds rows: it needs `columns`"'.»
  run: () => 1,
});
asset("x", {
  file: "text/plain",
  write: "append",
  // @ts-expect-error neither has a file «is not assignable to type '"`write: \"append\"` adds rows: it needs `columns`"'.»
  run: () => "x",
});
asset("x", {
  columns: One,
  // @ts-expect-error another way to write «Type '"merge"' is not assignable to type '"append" | "replace"'.»
  write: "merge",
  run: () => [],
});
