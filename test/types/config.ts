/** What a config's type says, and which ones tsc refuses. The text in «…» stands in tsc's message. */
import { asset, multiAsset, secret, sql } from "millrace";
import type { RunContext, TableAsset, Unpartitioned } from "millrace";
import * as z from "zod";
import { flights, months } from "./flights.ts";
import { is } from "./is.ts";

const One = z.object({ n: z.int() });
const Config = z.object({ pages: z.int().default(10), since: z.iso.date().optional(), token: secret() });
interface Parsed {
  pages: number;
  since?: string | undefined;
  token: string;
}

// What `run` gets is parsed, beside partition, log and the like; options may stand in any order.
const pages = asset("pages", {
  columns: One,
  config: Config,
  partitions: months,
  deps: { flights },
  run: (_, { config, partition, log }) => {
    is<Parsed>()(config);
    log.info(partition.key);
    return [{ n: config.pages }];
  },
});
is<"pages">()(pages.key);
const reversed = asset("reversed", {
  run: (_, { config }) => [{ n: config.pages }],
  config: Config,
  columns: One,
});
is<TableAsset<"reversed", { n: number }, Unpartitioned>>()(reversed);
asset("appended", {
  columns: One,
  write: "append",
  config: z.object({ at: z.coerce.date() }),
  run: async (_, { config, previous }) => [{ n: config.at.getTime() + (await previous.count()) }],
});
const { one } = multiAsset("several", {
  outputs: { one: { columns: One }, two: { value: z.int() } },
  config: Config,
  run: (_, { config, wanted }) => {
    is<Parsed>()(config);
    is<ReadonlySet<"one" | "two">>()(wanted);
    return { one: [{ n: config.pages }], two: 1 };
  },
});
is<TableAsset<"several/one", { n: number }, Unpartitioned>>()(one);
// Functions written elsewhere.
const count = (_: object, { config }: RunContext<Unpartitioned, typeof Config>) => config.pages;
asset("function", { value: z.int(), config: Config, run: count });
asset("without", { value: z.int(), run: (_, context) => ("config" in context ? 1 : 2) });

// --- refused

// @ts-expect-error a member that the schema does not have «Property 'page' does not exist on type»
asset("x", { value: z.int(), config: Config, run: (_, { config }) => config.page });
// @ts-expect-error of another type «Type 'string' is not assignable to type 'MaybePromise<number | Skipped>'»
asset("x", { value: z.int(), config: Config, run: (_, { config }) => config.token });
// @ts-expect-error there is none «Property 'config' does not exist on type»
asset("x", { value: z.int(), run: (_, { config }) => config.pages });
// @ts-expect-error no object «Type 'ZodInt' is not assignable to type 'AnyObject'»
asset("x", { value: z.int(), config: z.int(), run: () => 1 });
asset("x", {
  columns: One,
  sql: sql`select 1 as n`,
  // @ts-expect-error nothing reads it «`config` is for `run`: nothing in `sql` reads it»
  config: Config,
});
multiAsset("x", {
  outputs: { a: { value: z.int() } },
  config: Config,
  // @ts-expect-error of a multi-asset too «Property 'page' does not exist on type»
  run: (_, { config }) => ({ a: config.page }),
});
