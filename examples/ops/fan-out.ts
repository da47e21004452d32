import { job, op } from "millrace";
import * as z from "zod";
import { counters } from "./counters.ts";

export const listItems = op("list_items", {
  input: z.object({ count: z.int().min(0) }),
  output: z.array(z.int()),
  run: ({ input }) => Array.from({ length: input.count }, (_, item) => item),
});

export const doItem = op("do_item", {
  description: "Does something that shows on disk how often it was done",
  input: z.object({ item: z.int() }),
  output: z.int(),
  resources: { counters },
  run: async ({ input, counters }) => {
    await counters.count(input.item);
    return input.item;
  },
});

export const addUp = op("add_up", {
  input: z.object({ items: z.array(z.int()) }),
  output: z.int(),
  run: ({ input }) => input.items.reduce((sum, item) => sum + item, 0),
});

/** Kill it in the middle and start it again: it goes on with the items that are not committed. */
export const fanOut = job("fan_out", {
  description: "Thousands of items, each a step",
  config: z.object({ items: z.int().min(0).max(100_000).default(5_000) }),
  graph: ({ config, map }) =>
    addUp({ items: map(listItems({ count: config.items }), (item) => doItem({ item })) }),
});
