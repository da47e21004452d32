/** What a graph asset's types say, and which graphs tsc refuses for one. The text in «…» stands in tsc's message. */
import { graphAsset, graphMultiAsset, op, partitions, type TableAsset } from "millrace";
import * as z from "zod";
import { is } from "./is.ts";

const Row = z.object({ n: z.int(), square: z.int() });
const list = op("list", { output: z.array(z.int()), run: () => [] });
const square = op("square", {
  input: z.object({ n: z.int() }),
  output: Row,
  run: ({ input: { n } }) => ({ n, square: n * n }),
});
const name = op("name", { input: z.object({ key: z.string() }), output: z.string(), run: () => "" });
const days = partitions.daily({ start: "2001-01-01" });

export const squares = graphAsset("squares", {
  columns: Row,
  graph: ({ map }) => map(list(), (n) => square({ n })),
});
is<TableAsset<"squares", { n: number; square: number }>>()(squares);

export const configured = graphAsset("configured", {
  value: z.string(),
  partitions: days,
  config: z.object({ prefix: z.string() }),
  graph: ({ config, partition }) =>
    name({ key: partition.key }, { name: "named", after: name({ key: config.prefix }) }),
});

export const { totals, notes } = graphMultiAsset("summary", {
  outputs: { totals: { columns: Row }, notes: { value: z.string(), optional: true } },
  graph: ({ map }) => ({ totals: map(list(), (n) => square({ n })) }),
});
is<TableAsset<"summary/totals", { n: number; square: number }>>()(totals);

export const wrongRows = graphAsset("wrong_rows", {
  columns: Row,
  // @ts-expect-error «is not assignable to type»
  graph: () => list(),
});

export const wrongValue = graphAsset("wrong_value", {
  value: z.string(),
  // @ts-expect-error «is not assignable to type»
  graph: () => square({ n: 1 }),
});

export const noKind = graphAsset("no_kind", {
  // @ts-expect-error «an asset has one of `columns`, `value`, `file`»
  graph: () => list(),
});

export const missing = graphMultiAsset("missing", {
  outputs: { totals: { columns: Row }, notes: { value: z.string() } },
  // @ts-expect-error «Property 'notes' is missing»
  graph: ({ map }) => ({ totals: map(list(), (n) => square({ n })) }),
});

export const unpartitioned = graphAsset("unpartitioned", {
  value: z.string(),
  // @ts-expect-error «Property 'partition' does not exist»
  graph: ({ partition }) => name({ key: partition.key }),
});
