/** What an editor shows of what is inferred: `^?` stands below the name, and the text of its hover after it. */
import { asset, graph, job, op, resource, sql } from "millrace";
import * as z from "zod";

const Page = z.object({ html: z.string(), links: z.array(z.string()), next: z.int().optional() });

export const warehouse = resource("warehouse", { create: () => ({ ask: (text: string) => text.length }) });

export const orders = asset("orders", {
  columns: z.object({ id: z.int(), amount: z.number() }),
  sql: sql`select 1 as id, 2.5 as amount`,
});

const listPages = op("list_pages", { output: z.array(z.int()), run: () => [1, 2] });
const fetchPage = op("fetch_page", {
  input: z.object({ page: z.int(), size: z.int().default(3) }),
  output: Page,
  config: z.object({ site: z.url() }),
  deps: { orders },
  resources: { db: warehouse },
  async run({ input, orders: rows, db }, { config, attempt }) {
    const { page, size } = input;
    //      ^? const page: number
    const asked = db.ask(config.site);
    //    ^? const asked: number
    const counted = rows.count();
    //    ^? const counted: Promise<number>
    return { html: `${page} ${size} ${attempt} ${asked} ${await counted}`, links: [] };
  },
});
const isBig = op("is_big", {
  input: z.object({ pages: z.array(Page) }),
  output: z.boolean(),
  run: ({ input }) => input.pages.length > 3,
});

const twice = graph("twice", {
  input: z.object({ page: z.int() }),
  graph: ({ input }) => {
    const first = fetchPage({ page: input.page });
    //    ^? const first: Ref<{ html: string; links: string[]; next?: number | undefined; }, "twice">
    return { first: first.html, second: fetchPage({ page: 2 }).links };
  },
});

export const ingest = job("ingest", {
  config: z.object({ most: z.int().default(10), mode: z.enum(["fast", "slow"]) }),
  graph({ config, map, when, match, orElse }) {
    const { most } = config;
    //      ^? const most: Ref<number, "ingest">
    // Of no job yet, for it is given nothing of one.
    const pages = listPages();
    //    ^? const pages: Ref<number[], unknown>
    const fetched = map(pages, (page) => fetchPage({ page }));
    //    ^? const fetched: Ref<{ html: string; links: string[]; next?: number | undefined; }[], "ingest">
    const links = map(fetched, ({ links: found }) => map(found, (link, index) => ({ link, index })));
    //    ^? const links: Ref<{ link: string; index: number; }[][], "ingest">
    const maybe = when(isBig({ pages: fetched }), () => twice({ page: most }));
    //    ^? const maybe: MaybeRef<{ first: string; second: string[]; }, "ingest">
    const mode = match(config.mode, { fast: () => 1, slow: () => most });
    //    ^? const mode: Ref<number, "ingest">
    return { links, mode, sure: orElse(maybe, { first: "", second: [] }) };
  },
});
