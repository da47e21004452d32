/** What refs, ops, graphs and jobs are inferred as, and which wirings tsc refuses. The text in «…» stands in tsc's message. */
import { graph, job, op, skip } from "millrace";
import type {
  AnyJob,
  Graph,
  Job,
  JobConfigOf,
  JobOutputOf,
  Log,
  MaybeRef,
  Op,
  OpWithoutInput,
  Ref,
  TableHandle,
  TimePartition,
  TimePartitions,
  Unpartitioned,
} from "millrace";
import * as z from "zod";
import { dailyDelays, flights, months, perRegion, type DailyDelayRow, type FlightRow } from "./flights.ts";
import { is } from "./is.ts";

interface Page {
  html: string;
  links: string[];
  next?: number | undefined;
}
const listPages = op("list_pages", {
  input: z.object({ count: z.int() }),
  output: z.array(z.int()),
  run: ({ input }, { log }) => {
    is<Log>()(log);
    return Array.from({ length: input.count }, (_, page) => page);
  },
});
const fetchPage = op("fetch_page", {
  input: z.object({ page: z.int(), size: z.int().default(3) }),
  output: z.object({ html: z.string(), links: z.array(z.string()), next: z.int().optional() }),
  config: z.object({ site: z.string(), depth: z.int().default(1) }),
  retry: { max: 3 },
  run: async ({ input }, { config, signal, attempt, run, checkpoint, partition }) => {
    is<{ page: number; size: number }>()(input);
    is<{ site: string; depth: number }>()(config);
    is<AbortSignal>()(signal);
    is<number>()(attempt);
    is<string>()(run.id);
    is<string | undefined>()(partition?.key);
    is<number>()(await checkpoint("once", () => 1));
    return input.page > 3 ? skip("there are no more") : { html: "", links: [] };
  },
});
const mergePages = op("merge_pages", {
  input: z.object({ parts: z.array(z.object({ html: z.string() })), title: z.string().optional() }),
  output: z.string(),
  run: ({ input }) => input.parts.map((part) => part.html).join(""),
});
const tick = op("tick", { run: () => undefined });
const count = op("count", {
  input: z.object({ text: z.string() }),
  output: z.int(),
  deps: { flights, dailyDelays },
  // An op is of no partition: it reads all of them.
  run: async ({ input: { text }, flights, dailyDelays }) => {
    is<TableHandle<FlightRow>>()(flights);
    is<TableHandle<DailyDelayRow>>()(dailyDelays);
    return text.length + (await flights.count());
  },
});
const isBig = op("is_big", {
  input: z.object({ n: z.int() }),
  output: z.boolean(),
  run: ({ input }) => input.n > 3,
});
const size = op("size", {
  input: z.object({ n: z.int() }),
  output: z.enum(["small", "large"]),
  run: ({ input }) => (input.n > 3 ? "large" : "small"),
});

is<Op<{ count: number }, number[]>>()(listPages);
is<Op<{ page: number; size?: number | undefined }, Page, { site: string; depth?: number | undefined }>>()(
  fetchPage,
);
is<OpWithoutInput<void>>()(tick);

// What a call gives is a ref of the op's output; a job knows its config, its partitions and its result.
const ingest = job("ingest", {
  config: z.object({ pages: z.int().default(10), nested: z.object({ deep: z.string() }) }),
  graph: ({ config, map, when, match, firstOf, orElse, present, materialize }) => {
    is<Ref<{ pages: number; nested: { deep: string } }, "ingest">>()(config);
    const pages = listPages({ count: config.pages });
    is<Ref<number[], "ingest">>()(pages);
    const parts = map(pages, (page, index) => {
      is<Ref<number, "ingest">>()(page);
      is<Ref<number, "ingest">>()(index);
      return fetchPage({ page });
    });
    is<Ref<Page[], "ingest">>()(parts);
    const links = map(
      parts,
      (part) => map(part.links, (link) => count({ text: link }), { key: (link) => link.toLowerCase() }),
      { key: (part) => part.html, concurrency: 4, name: "parts" },
    );
    is<Ref<number[][], "ingest">>()(links);
    const records = map(pages, (page, at) => ({ page, at, html: fetchPage({ page }).html }));
    is<Ref<{ page: number; at: number; html: string }[], "ingest">>()(records);
    is<Ref<("a" | "b")[], "ingest">>()(map(["a", "b"], (letter) => letter));
    const merged = mergePages({ parts });
    // Refs anywhere in a structure, beside values.
    mergePages({ parts: [fetchPage({ page: 1 }), { html: "x" }, { html: config.nested.deep }] });
    const after = mergePages(
      { parts, title: merged },
      { name: "late", after: [tick()], triggerRule: "all_done" },
    );
    fetchPage(
      { page: 1 },
      { config: { site: "x", depth: config.pages }, retry: { max: 1 }, timeout: "10s", after },
    );
    const big = isBig({ n: count({ text: merged }) });
    const maybe = when(big, () => count({ text: merged }));
    is<MaybeRef<number, "ingest">>()(maybe);
    const both = when(
      big,
      () => count({ text: merged }),
      () => merged,
    );
    is<Ref<number | string, "ingest">>()(both);
    const sized = match(size({ n: 3 }), {
      small: () => merged,
      large: () => ({ n: count({ text: merged }) }),
    });
    is<Ref<string | { n: number }, "ingest">>()(sized);
    is<Ref<number, "ingest">>()(orElse(maybe, 0));
    is<Ref<number, "ingest">>()(firstOf([maybe, count({ text: "" })]));
    is<MaybeRef<number, "ingest">>()(present(fetchPage({ page: 1 }).next));
    is<Ref<void, "ingest">>()(materialize([dailyDelays, "group:daily"], { after: merged, name: "make" }));
    const { html, links: found } = fetchPage({ page: 1 });
    is<Ref<string, unknown>>()(html);
    is<Ref<string[], unknown>>()(found);
    return { merged, parts, numbers: [maybe, 3] };
  },
});
interface Ingested {
  merged: string;
  parts: Page[];
  numbers: number[];
}
is<Job<"ingest", { nested: { deep: string }; pages?: number | undefined }, Unpartitioned, Ingested>>()(
  ingest,
);
is<Ingested>()(null as never as JobOutputOf<typeof ingest>);
is<{ nested: { deep: string }; pages?: number | undefined }>()(null as never as JobConfigOf<typeof ingest>);

// A graph is called like an op. Config that must be given is asked for.
const clean = graph("clean", {
  input: z.object({ page: z.int() }),
  config: z.object({ depth: z.int().default(1) }),
  graph: ({ input, config }) => {
    is<Ref<{ page: number }, "clean">>()(input);
    is<Ref<{ depth: number }, "clean">>()(config);
    const { html } = fetchPage({ page: input.page });
    return { html, words: count({ text: html }) };
  },
});
is<Graph<{ page: number }, { html: string; words: number }, { depth?: number | undefined }>>()(clean);
const strict = graph("strict", {
  config: z.object({ site: z.string() }),
  graph: ({ config }) => count({ text: config.site }),
});
const cleaned = job("cleaned", {
  graph: ({ map }) => {
    strict(null, { config: { site: "x" } });
    return map([1, 2, 3], (page) => clean({ page }, { config: { depth: page } }).words);
  },
});
is<number[]>()(null as never as JobOutputOf<typeof cleaned>);

// The whole input as one ref; config taken apart.
job("whole", {
  config: z.object({ count: z.int(), n: z.int() }),
  graph: ({ config, config: { n } }) => [listPages(config), isBig({ n })],
});
// A job's partitions: its own, or those of its assets.
const monthly = job("monthly", {
  partitions: months,
  graph: ({ partition, materialize }) => {
    is<Ref<TimePartition, "monthly">>()(partition);
    materialize(flights, { partition: partition.key });
    return count({ text: partition.key });
  },
});
is<Job<"monthly", {}, TimePartitions<"month">, number>>()(monthly);
is<Job<"over_assets", {}, TimePartitions<"month">>>()(job("over_assets", { assets: [flights, dailyDelays] }));
is<Job<"over_one", {}, Unpartitioned>>()(job("over_one", { assets: dailyDelays }));
is<Job<"over_text", {}, Unpartitioned>>()(job("over_text", { assets: "group:daily and not status:fresh" }));
const anyJob: AnyJob = monthly;
is<string>()(anyJob.name);
// Functions that help several jobs: for any of them, or for the one that calls.
const helper = (page: Ref<number>) => fetchPage({ page });
const generic = <J>(page: Ref<number, J>) => fetchPage({ page });
job("with_helpers", {
  config: z.object({ n: z.int() }),
  graph: ({ config }) => {
    const helped = generic(config.n);
    is<Ref<Page, "with_helpers">>()(helped);
    return mergePages({ parts: [helper(config.n), helped] });
  },
});

// --- refused

declare const foreign: Ref<number, "other">;
declare const foreignText: Ref<string, "other">;
job("wrong", {
  config: z.object({
    n: z.int(),
    flag: z.boolean(),
    text: z.string(),
    list: z.array(z.int()),
    maybe: z.int().optional(),
  }),
  graph: ({ config, map, when, match, firstOf, orElse, materialize }) => {
    // @ts-expect-error a ref of another type «Type 'Ref<string, "wrong">' is not assignable to type 'Refs<number, "wrong">'.»
    listPages({ count: config.text });
    // @ts-expect-error a value of another type «Type 'string' is not assignable to type 'Refs<number, unknown>'.»
    listPages({ count: "3" });
    // @ts-expect-error an input that is missing «Property 'count' is missing in type '{}' but required in type 'Input<{ count: number; }, unknown>'.»
    listPages({});
    // @ts-expect-error no input at all «Expected 1-2 arguments, but got 0.»
    listPages();
    // @ts-expect-error an input that there is not «'coutn' does not exist in type 'Input<{ count: number; }, unknown>'. Did you mean to write 'count'?»
    listPages({ count: 1, coutn: 2 });
    // @ts-expect-error a wrong type deep in a structure «Type 'Ref<number, "wrong">' is not assignable to type 'Refs<string, "wrong">'.»
    mergePages({ parts: [{ html: config.n }] });
    // @ts-expect-error a list where one is wanted «Type 'number[]' is not assignable to type 'number'.»
    fetchPage({ page: config.list });
    // @ts-expect-error what may be undefined «Type 'undefined' is not assignable to type 'number'.»
    fetchPage({ page: config.maybe });
    // @ts-expect-error an option that there is not «'aftre' does not exist in type 'CallOptions<unknown, {}>'. Did you mean to write 'after'?»
    tick(null, { aftre: config.n });
    // @ts-expect-error a trigger rule that there is not «Type '"sometimes"' is not assignable to type '"all_done" | "all_success" | "one_success" | undefined'.»
    tick(null, { triggerRule: "sometimes" });
    // @ts-expect-error to wait for what is no ref «Type 'string' is not assignable to type 'AnyRef<unknown> |»
    tick(null, { after: "fetch_page" });
    // @ts-expect-error config of the wrong type «Type 'Ref<string, "wrong">' is not assignable to type 'Refs<number | undefined, "wrong">'.»
    fetchPage({ page: 1 }, { config: { site: "x", depth: config.text } });
    // @ts-expect-error config that the op has not «'width' does not exist in type 'Input<{ site: string; depth?: number | undefined; }, unknown>'.»
    fetchPage({ page: 1 }, { config: { site: "x", width: 1 } });
    // @ts-expect-error config without what has to be given «Property 'site' is missing in type '{ depth: number; }'»
    fetchPage({ page: 1 }, { config: { depth: 1 } });
    // @ts-expect-error config that a graph must be given «Expected 2 arguments, but got 1.»
    strict(null);
    // @ts-expect-error a ref of another job, beside one of this «Type '"wrong"' is not assignable to type '"other"'.»
    mergePages({ parts: map(config.list, (page) => fetchPage({ page })), title: foreignText });
    // @ts-expect-error a ref of another job, deep in a structure «Type 'Ref<string, "other">' is not assignable to type 'Refs<string | undefined, "wrong">'.»
    mergePages({ parts: [{ html: config.text }], title: foreignText });
    // @ts-expect-error to map over another job's list «Type 'Ref<number[], "other">' is not assignable to»
    map(listPages({ count: foreign }), (page) => page);
    // @ts-expect-error to map over what is no list «Type 'number' is not assignable to type 'readonly unknown[]'.»
    map(config.n, (item) => item);
    // @ts-expect-error to map over a text «Argument of type 'string' is not assignable to parameter of type»
    map("abc", (item) => item);
    // @ts-expect-error items of another type than is wanted «Type 'Ref<number, "wrong">' is not assignable to type 'Refs<string, "wrong">'.»
    map(config.list, (item) => count({ text: item }));
    // @ts-expect-error a key made of what an item has not «Property 'id' does not exist on type 'number'.»
    map(config.list, (item) => item, { key: (item) => item.id });
    // @ts-expect-error a case is missing «Property 'large' is missing in type '{ small: () => number; }'»
    match(size({ n: 1 }), { small: () => 1 });
    // @ts-expect-error a match on what is no text «Argument of type 'Ref<number, "wrong">' is not assignable to parameter of type 'Ref<string, "wrong">'.»
    match(config.n, { small: () => 1 });
    // @ts-expect-error a condition that is no boolean «Argument of type 'Ref<number, "wrong">' is not assignable to parameter of type 'Ref<boolean, "wrong">'.»
    when(config.n, () => 1);
    const perhaps = when(config.flag, () => config.n);
    // @ts-expect-error a stand-in of another type «Type 'string' is not assignable to type 'number'.»
    isBig({ n: orElse(perhaps, "none") });
    // @ts-expect-error the first of what are no refs «Type 'number' is not assignable to type 'AnyRef<"wrong">'.»
    firstOf([1, 2]);
    // @ts-expect-error to make what is no asset «Argument of type 'number' is not assignable to parameter of type 'AssetSelection'.»
    materialize(3);
    // @ts-expect-error a ref as a condition «This condition will always return true since this function is always defined.»
    if (config.flag) tick();
    // @ts-expect-error a ref before a question mark «This condition will always return true since this function is always defined.»
    const answer = config.n ? 1 : 2;
    // @ts-expect-error a ref before && «This condition will always return true since this function is always defined.»
    const both = config.flag && tick();
    // @ts-expect-error a ref as a number «Operator '+' cannot be applied to types 'Ref<number, "wrong">' and 'number'.»
    const sum = config.n + 1;
    // @ts-expect-error a ref compared with a value «the types 'Ref<number, "wrong">' and 'number' have no overlap.»
    const same = config.n === 3;
    // @ts-expect-error the length of a ref «Operator '>' cannot be applied to types 'string' and 'number'.»
    const long = config.list.length > 3;
    // @ts-expect-error the item of a list that is not there yet «Property '0' does not exist on type»
    config.list[0];
    // @ts-expect-error a method of a list «Property 'map' does not exist on type 'Ref<number[], "wrong">'.»
    config.list.map((item) => item);
    // @ts-expect-error to go through a ref «must have a '[Symbol.iterator]()' method»
    for (const item of config.list) tick(item);
    // @ts-expect-error a field that there is not «Property 'nope' does not exist on type 'Ref<{ n: number;»
    config.nope;
    // @ts-expect-error to call a ref «"use when() or match() to branch on a ref"»
    config.n(1);
    return { answer, both, sum, same, long };
  },
});
// @ts-expect-error to give back a ref of another job «Type 'Ref<number, "other">' is not assignable to type 'GraphOutput<"wrong">'.»
job("wrong", { graph: () => foreign });
// @ts-expect-error to give back a promise «Type 'Promise<Ref<void, unknown>>' is not assignable to type 'GraphOutput<"wrong">'.»
job("wrong", { graph: async () => tick() });
job("wrong", {
  config: z.object({ n: z.int() }),
  graph: ({ config }) => {
    const inner = graph("inner", {
      input: z.object({ a: z.int() }),
      // @ts-expect-error a graph that takes a ref of what is around it «Type '"inner"' is not assignable to type '"wrong"'.»
      graph: ({ input }) => fetchPage({ page: input.a, size: config.n }),
    });
    inner({ a: 1 });
  },
});
// @ts-expect-error both a graph and assets «is not assignable to type '"a job has one of `graph`, `assets`"'.»
job("wrong", { assets: "a", graph: () => tick() });
// @ts-expect-error neither «Property 'graph' is missing in type '{ description: string; }'»
job("wrong", { description: "…" });
job("wrong", {
  // @ts-expect-error the partition of a job that has none «Property 'partition' does not exist on type 'GraphTools<"wrong"> &»
  graph: ({ partition }) => count({ text: partition.key }),
});
job("wrong", {
  // @ts-expect-error the config of a job that has none «Property 'config' does not exist on type 'GraphTools<"wrong"> &»
  graph: ({ config }) => count({ text: config }),
});
op("wrong", {
  output: z.object({ n: z.int() }),
  // @ts-expect-error an output that does not fit «Type 'string' is not assignable to type 'number'.»
  run: (_) => ({ n: "1" }),
});
op("wrong", {
  // @ts-expect-error something back where nothing is said to be «Type 'number' is not assignable to type 'MaybePromise<void | Skipped>'.»
  run: (_) => 1,
});
op("wrong", {
  // @ts-expect-error input that it does not take «Property 'input' does not exist on type 'OpNamed<never, {}, {}>'.»
  run: ({ input }) => void input,
});
op("wrong", {
  // @ts-expect-error what assets keep with a version «Property 'metadata' does not exist on type 'OpContext<never>'.»
  run: (_, { metadata }) => metadata({ n: 1 }),
});
op("wrong", {
  // @ts-expect-error a dependency that is named input «"`input` is the op's own: give it another key"»
  deps: { input: perRegion },
  run: () => undefined,
});
op("wrong", {
  // @ts-expect-error a schema of something else than a record «Type 'ZodString' is not assignable to type 'AnyObject'.»
  input: z.string(),
  run: () => undefined,
});
