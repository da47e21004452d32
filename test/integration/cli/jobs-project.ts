import type { TestContext } from "node:test";
import { CliProject } from "./cli-project.ts";

/** Written into a project of the command line's tests. What its ops do, `flags.json` says; what they did, `made.log`. */
const jobs = `
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { graph, job, op, partitions, secret } from "millrace";
import * as z from "zod";
import * as assets from "./assets.ts";

const flags = () => (existsSync("flags.json") ? JSON.parse(readFileSync("flags.json", "utf8")) : {});
const made = (what: string) => appendFileSync("made.log", what + "\\n");

export const listPages = op("list_pages", {
  description: "The pages that there are",
  input: z.object({ count: z.int() }),
  output: z.array(z.object({ name: z.string() })),
  run({ input }) {
    made("list_pages");
    return Array.from({ length: input.count }, (_, index) => ({ name: "p" + index }));
  },
});

export const fetchPage = op("fetch_page", {
  input: z.object({ name: z.string() }),
  output: z.object({ name: z.string(), size: z.int(), at: z.date() }),
  config: z.object({ base: z.string().default("https://pages.example"), token: secret().optional() }),
  async run({ input }, { log, signal }) {
    made("fetch_page " + input.name);
    const { slow = 0, broken = "" } = flags();
    if (slow > 0) log.info("waiting");
    await sleep(slow, undefined, { signal });
    if (broken.split(",").includes(input.name)) throw new Error("no such page");
    return { name: input.name, size: 10, at: new Date(0) };
  },
});

export const merge = op("merge", {
  input: z.object({ parts: z.array(z.object({ name: z.string(), size: z.int(), at: z.date() })) }),
  output: z.object({ total: z.int(), newest: z.date(), big: z.bigint(), text: z.string() }),
  run({ input }) {
    made("merge");
    const total = input.parts.reduce((sum, { size }) => sum + size, 0);
    return { total, newest: new Date(0), big: 12n, text: "x".repeat(flags().long ?? 3) };
  },
});

const onePage = graph("one_page", {
  input: z.object({ name: z.string() }),
  graph: ({ input }) => fetchPage({ name: input.name }),
});

export const ingest = job("ingest", {
  description: "Fetches all pages and puts them together.",
  config: z.object({
    pages: z.int().min(1).default(3).describe("How many pages"),
    mode: z.enum(["fast", "slow"]).optional(),
    token: secret().optional(),
  }),
  tags: { team: "web" },
  graph({ config, map }) {
    const parts = map(listPages({ count: config.pages }), (page) => onePage({ name: page.name }), {
      key: (page) => page.name,
      name: "each_page",
    });
    return merge({ parts });
  },
});

export const monthlyReport = job("monthly_report", {
  partitions: partitions.monthly({ start: "2001-01", end: "2001-04" }),
  graph: ({ partition }) => fetchPage({ name: partition.key }, { name: "report" }),
});

export const refresh = job("refresh", {
  graph({ materialize }) {
    materialize(assets.orders, { after: merge({ parts: [] }) });
  },
});

export const nightly = job("nightly", { assets: [assets.orders], description: "The orders", publish: "step" });
`;

export function projectWithJobs(t: TestContext): CliProject {
  const project = new CliProject(t);
  project.write("jobs.ts", jobs);
  project.edit(
    "millrace.config.ts",
    'import * as assets from "./assets.ts";',
    'import * as assets from "./assets.ts";\nimport * as jobs from "./jobs.ts";',
  );
  project.edit("millrace.config.ts", "definitions: [assets", "definitions: [jobs, assets");
  return project;
}
