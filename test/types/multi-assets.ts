/** What a multi-asset's type says, and which multi-assets tsc refuses. The text in «…» stands in tsc's message. */
import { asset, check, fileType, multiAsset, skip, sql } from "millrace";
import type { FileAsset, TableAsset, TableHandle, TimePartitions, Unpartitioned, ValueAsset } from "millrace";
import * as z from "zod";
import { flights, Flight, months, type FlightRow } from "./flights.ts";
import { is } from "./is.ts";

const Order = z.object({ id: z.int(), status: z.enum(["open", "paid"]) });
const Model = fileType({ load: async (file) => (await file.text()).length });
const Totals = z.object({ orders: z.int() });

// Each output is an asset like any other, under the key of its own.
const sales = multiAsset("sales", {
  partitions: months,
  deps: { flights },
  outputs: {
    orders: { columns: Order, description: "…", checks: [check.unique("id")] },
    totals: { value: Totals, optional: true },
    report: { file: Model, key: "reports/sales" },
  },
  run: async ({ flights }, { wanted, outputs, partition, metadata }) => {
    is<TableHandle<FlightRow>>()(flights);
    is<string>()(partition.key);
    is<ReadonlySet<"orders" | "totals" | "report">>()(wanted);
    outputs.orders.metadata({ rows: 1 });
    metadata({ both: true });
    return { orders: [1].map((id) => ({ id, status: "open" })), report: "text" };
  },
});
is<TableAsset<"sales/orders", { id: number; status: "open" | "paid" }, TimePartitions<"month">>>()(
  sales.orders,
);
is<ValueAsset<"sales/totals", { orders: number }, TimePartitions<"month">>>()(sales.totals);
is<FileAsset<"reports/sales", number, TimePartitions<"month">>>()(sales.report);
asset("reads_one", { columns: Order, deps: { orders: sales.orders }, run: ({ orders }) => orders.rows() });
asset("reads_in_sql", { columns: Order, sql: sql`select * from ${sales.orders}` });

// A table comes as SQL or a query too; a step may be skipped.
const { copy } = multiAsset("copies", {
  deps: { flights },
  outputs: { copy: { columns: Flight } },
  run: ({ flights }, { attempt }) =>
    attempt > 1 ? skip("once is enough") : { copy: sql`select * from ${flights}` },
});
is<TableAsset<"copies/copy", FlightRow, Unpartitioned>>()(copy);

// With `subset` each output may be left out.
multiAsset("some", {
  subset: true,
  outputs: { a: { columns: Order }, b: { value: z.int() } },
  run: (_, { wanted }) => (wanted.has("b") ? { b: 1 } : {}),
});

// --- refused

multiAsset("x", {
  outputs: { orders: { columns: Order }, totals: { value: Totals } },
  // @ts-expect-error an output is missing «Property 'totals' is missing in type»
  run: (_) => ({ orders: [] }),
});
multiAsset("x", {
  outputs: { orders: { columns: Order } },
  // @ts-expect-error an output that nobody declared «"others is an output that nobody declared"»
  run: (_) => ({ orders: [], others: [] }),
});
multiAsset("x", {
  outputs: { orders: { columns: Order } },
  // @ts-expect-error the same, later «"others is an output that nobody declared"»
  run: async (_) => ({ orders: [], others: 1 }),
});
multiAsset("x", {
  outputs: { orders: { columns: Order } },
  // @ts-expect-error a cell of the wrong type «Type '"lost"' is not assignable to type '"open" | "paid"'.»
  run: (_) => ({ orders: [{ id: 1, status: "lost" }] }),
});
multiAsset("x", {
  // @ts-expect-error two kinds «"an output has one of `columns`, `value`, `file`"»
  outputs: { orders: { columns: Order, value: Totals } },
  run: (_) => ({ orders: [] }),
});
multiAsset("x", {
  // @ts-expect-error a check of a column that there is not «Property 'idd' is missing in type»
  outputs: { orders: { columns: Order, checks: [check.unique("idd")] } },
  run: (_) => ({ orders: [] }),
});
multiAsset("x", {
  outputs: { orders: { columns: Order } },
  // @ts-expect-error SQL over what is no dependency «is not assignable»
  run: (_) => ({ orders: sql`select * from ${flights}` }),
});
