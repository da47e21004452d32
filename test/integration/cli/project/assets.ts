import { appendFileSync, existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { asset, check, externalAsset, partitions, source, sql } from "millrace";
import * as z from "zod";

const months = partitions.monthly({ start: "2001-01", end: "2001-03" });
const here = import.meta.dirname;

export const prices = externalAsset("prices", {
  description: "What things cost",
  columns: z.object({ thing: z.string(), price: z.int() }),
  source: source.csv("prices.csv"),
});

/** Leaves a line for each time it runs; a file named `hold-<month>` keeps that month from ending. */
export const orders = asset("orders", {
  description: "Orders, month by month",
  group: "sales",
  tags: { team: "shop" },
  columns: z.object({ day: z.iso.date(), thing: z.string(), count: z.int() }),
  partitions: months,
  checks: [check.rowCount({ min: 1 })],
  run: async (_, { partition, log }) => {
    appendFileSync(`${here}/ran.log`, `orders ${partition.key}\n`);
    log.info("asking the till");
    while (existsSync(`${here}/hold-${partition.key}`)) await sleep(20);
    return [
      { day: `${partition.key}-01`, thing: "apple", count: 3 },
      { day: `${partition.key}-02`, thing: "pear", count: 2 },
    ];
  },
});

export const revenue = asset("sales/revenue", {
  description: "Revenue of each thing",
  columns: z.object({ thing: z.string(), revenue: z.int() }),
  sql: sql`
    select thing, sum(count * price) as revenue
    from ${orders} join ${prices} using (thing)
    group by thing
    order by thing
  `,
  checks: [check.unique("thing"), check.range("revenue", { max: 1_000 })],
});
