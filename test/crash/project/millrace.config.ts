import { appendFileSync } from "node:fs";
import { asset, check, defineProject, externalAsset, source, sql } from "millrace";
import * as z from "zod";

/** Proof on disk of how often a step's code ran. */
function count(step: string): void {
  appendFileSync(process.env["STEP_LOG"] ?? "/dev/null", `${step}\n`);
}

const Order = z.object({ id: z.int(), amount: z.int() });

export const ordersFile = externalAsset("orders_file", {
  columns: Order,
  source: source.csv(process.env["ORDERS_FILE"] ?? "orders.csv"),
});

export const orders = asset("orders", {
  columns: Order,
  deps: { ordersFile },
  checks: [check.unique("id"), check.range("amount", { min: 0 })],
  run: ({ ordersFile }) => {
    count("orders");
    return sql`select * from ${ordersFile} order by id`;
  },
});

export const doubled = asset("doubled", {
  columns: Order,
  deps: { orders },
  checks: [check.rowCount({ min: 1 })],
  run: async ({ orders }) => {
    count("doubled");
    return (await orders.rows()).map((order) => ({ ...order, amount: order.amount * 2 }));
  },
});

export const total = asset("total", {
  value: z.object({ total: z.int() }),
  deps: { doubled },
  run: async ({ doubled }) => {
    count("total");
    return { total: (await doubled.rows()).reduce((sum, order) => sum + order.amount, 0) };
  },
});

export const report = asset("report", {
  file: "text/plain",
  deps: { total },
  run: async ({ total }) => {
    count("report");
    return `total: ${(await total.get()).total}\n`;
  },
});

export default defineProject({
  name: "crash",
  retention: process.env["RETENTION"] ?? "30d",
  grace: process.env["GRACE"] ?? "15m",
  definitions: [{ ordersFile, orders, doubled, total, report }],
});
