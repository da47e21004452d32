/** Metadata by kinds, and what the compiler refuses of it. */
import {
  asset,
  assetCheck,
  externalAsset,
  meta,
  source,
  type MetadataValue,
  type TypedMetadata,
} from "millrace";
import * as z from "zod";
import { is } from "./is.ts";

const orders = asset("orders", {
  columns: z.object({ id: z.int(), amount: z.number() }),
  metadata: {
    n: 1,
    text: "x",
    yes: true,
    none: null,
    at: new Date(0),
    list: [1, "a", null, [meta.run("3f2a91c4")]],
    nested: { a: { b: meta.url("https://x.example") } },
  },
  run: (_, { metadata }) => {
    const counted = { rows: 1, share: 0.5 };
    metadata({
      ...counted,
      counted,
      report: meta.markdown("**fine**"),
      sample: meta.table([{ id: 1, at: new Date(0) }]),
    });
    metadata({
      file: meta.path("/data/x"),
      board: meta.url(new URL("https://x.example")),
      at: meta.timestamp(new Date(0)),
      made: meta.tableSchema([
        { name: "id", type: "bigint" },
        { name: "note", type: "text", nullable: true, description: "…" },
      ]),
      from: meta.columnLineage({
        id: [meta.column(raw, "id"), meta.column("warehouse/orders", "whatever")],
        amount: [],
      }),
      reads: [meta.asset(raw), meta.asset("warehouse/orders")],
    });
    // @ts-expect-error a big integer is given as a number or a text «Type 'bigint' is not assignable to type»
    metadata({ n: 1n });
    // @ts-expect-error an instance of a class «Type 'Map<string, number>' is not assignable to type»
    metadata({ n: new Map<string, number>() });
    // @ts-expect-error a function «Type '() => number' is not assignable to type»
    metadata({ n: () => 1 });
    // @ts-expect-error written by hand, what meta makes «is not assignable to type»
    metadata({ n: { $meta: "url", value: "https://x.example" } });
    return [{ id: 1, amount: 2 }];
  },
});
const raw = externalAsset("raw", {
  columns: z.object({ id: z.int() }),
  source: source.parquet("raw.parquet"),
});

assetCheck("sampled", {
  asset: orders,
  run: () => ({ passed: true, metadata: { sample: meta.table([{ id: 1 }]), at: new Date(0) } }),
});
externalAsset("told", {
  columns: z.object({ id: z.int() }),
  source: source.observed(() => ({ dataVersion: "1", metadata: { board: meta.url("https://x.example") } })),
});
is<TypedMetadata<"url">>()(meta.url("https://x.example"));
is<TypedMetadata<"columnLineage">>()(meta.columnLineage({}));
const value: MetadataValue = meta.asset(orders);
void value;

// --- refused

// @ts-expect-error a column that the asset does not have «"price"' is not assignable to parameter of type»
meta.column(orders, "price");
// @ts-expect-error no asset «Argument of type 'number' is not assignable to parameter of type»
meta.asset(3);
// @ts-expect-error a text is no time «Argument of type 'string' is not assignable to parameter of type 'Date'»
meta.timestamp("2026-11-22");
// @ts-expect-error rows are objects «Type 'number' is not assignable to type»
meta.table([1]);
// @ts-expect-error a column of a schema has a type «Property 'type' is missing in type»
meta.tableSchema([{ name: "id" }]);
