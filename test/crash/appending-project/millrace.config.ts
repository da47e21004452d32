import { asset, check, defineProject, externalAsset, source, sql } from "millrace";
import * as z from "zod";

const Order = z.object({ id: z.int(), amount: z.int() });

export const ordersFile = externalAsset("orders_file", {
  columns: Order,
  source: source.csv(process.env["ORDERS_FILE"] ?? "orders.csv"),
});

/** Adds what it has not got yet. */
export const orders = asset("orders", {
  columns: Order,
  write: "append",
  checks: [check.unique("id")],
  sql: sql`select * from ${ordersFile} where id > (select coalesce(max(id), 0) from ${sql.previous}) order by id`,
});

/** Adds a row whenever it runs, so that a run that counts twice is seen. */
export const runs = asset("runs", {
  columns: z.object({ run: z.int(), orders: z.int() }),
  write: "append",
  deps: { orders },
  run: async ({ orders }, { previous }) => [
    { run: (await previous.count()) + 1, orders: await orders.count() },
  ],
});

export default defineProject({ name: "appending", definitions: [{ ordersFile, orders, runs }] });
