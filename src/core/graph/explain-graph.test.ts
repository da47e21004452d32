import assert from "node:assert/strict";
import { suite, test } from "node:test";
import * as z from "zod";
import { isJob } from "../job/job-definition.ts";
import { job, type AnyJob } from "../job/job.ts";
import { op } from "../op/op.ts";
import { describeGraph } from "./describe-graph.ts";
import { explainGraph } from "./explain-graph.ts";
import { graphDiagram } from "./graph-diagram.ts";
import type { JobGraph } from "./graph-data.ts";
import { graph } from "./graph.ts";

const list = op("list", { input: z.object({ n: z.int() }), output: z.array(z.int()), run: () => [] });
const fetchPage = op("fetch_page", {
  input: z.object({ page: z.int(), at: z.date().optional() }),
  output: z.object({ html: z.string(), next: z.int().nullable() }),
  config: z.object({ depth: z.int() }),
  run: () => ({ html: "", next: null }),
});
const count = op("count", { input: z.object({ text: z.string() }), output: z.int(), run: () => 1 });
const isBig = op("is_big", { input: z.object({ n: z.int() }), output: z.boolean(), run: () => true });
const tick = op("tick", { run: () => undefined });
const clean = graph("clean", {
  input: z.object({ page: z.int() }),
  graph: ({ input, when }) => {
    const { html } = fetchPage({ page: input.page }, { config: { depth: 2 } });
    return when(isBig({ n: input.page }), () => count({ text: html }));
  },
});
const ingest = job("ingest", {
  config: z.object({ pages: z.int() }),
  graph: ({ config, map, when, firstOf, orElse, present, materialize }) => {
    const counts = map(list({ n: config.pages }), (page) => clean({ page }), {
      concurrency: 4,
      name: "pages",
    });
    const some = when(
      isBig({ n: 3 }),
      () => clean({ page: 3 }),
      () => 0,
    );
    const made = materialize("group:daily", { after: counts });
    tick(null, { after: made, triggerRule: "all_done", name: "last" });
    return { counts, first: firstOf([some, orElse(present(fetchPage({ page: 1 }).next), 2)]) };
  },
});

function graphOf(of: AnyJob): JobGraph {
  assert.ok(isJob(of) && of.body.body === "graph");
  assert.deepEqual(of.problems(), []);
  return of.body.graph();
}

suite("a graph in words", () => {
  test("is told as it was written: what each step is given, in what it stands, what comes out", () => {
    assert.deepEqual(explainGraph(graphOf(ingest)), [
      "list  n: config.pages",
      "pages  for each of list, 4 at once",
      "  clean  graph",
      "    clean.input  page: pages.item",
      "    clean.fetch_page  page: clean.input.page with config depth: 2",
      "    clean.is_big  n: clean.input.page",
      "    clean.when  by clean.is_big",
      "      true:",
      "        clean.count  text: clean.fetch_page.html",
      "        gives clean.count",
      "  gives clean.when",
      "is_big  n: 3",
      "when  by is_big",
      "  true:",
      "    clean_2  graph",
      "      clean_2.input  page: 3",
      "      clean_2.fetch_page  page: clean_2.input.page with config depth: 2",
      "      clean_2.is_big  n: clean_2.input.page",
      "      clean_2.when  by clean_2.is_big",
      "        true:",
      "          clean_2.count  text: clean_2.fetch_page.html",
      "          gives clean_2.count",
      "    gives clean_2.when",
      "  false:",
      "    gives 0",
      "materialize  makes group:daily after pages",
      "last  op tick after materialize, when all are done",
      "fetch_page  page: 1",
      "present  fetch_page.next, skipped where there is none",
      "or_else  present, or 2 where that is skipped",
      "first_of  the first of when, or_else that is not skipped",
      "gives { counts: pages, first: first_of }",
    ]);
  });

  test("tells long values in part, and of an empty one that there is nothing to do", () => {
    const long = job("long", { graph: () => count({ text: "x".repeat(1_000) }) });
    const [line = ""] = explainGraph(graphOf(long));
    assert.ok(line.length < 100 && line.endsWith("…"), line);
    assert.deepEqual(explainGraph(graphOf(job("empty", { graph: () => undefined }))), ["nothing to do"]);
  });
});

suite("a graph as a picture", () => {
  const lines = graphDiagram(graphOf(ingest));
  test("has boxes around maps, nested graphs and cases, and arrows from what is given", () => {
    assert.deepEqual(lines.slice(2, 14), [
      '  n0["list"]',
      '  subgraph n1["pages: for each of list"]',
      '    subgraph n2["clean"]',
      '      n3[/"clean.input"/]',
      '      n4["clean.fetch_page"]',
      '      n5["clean.is_big"]',
      '      n6{"clean.when: clean.is_big"}',
      '      subgraph n7["true"]',
      '        n8["clean.count"]',
      "      end",
      "    end",
      "  end",
    ]);
    const text = lines.join("\n");
    for (const [from, to] of [
      ["config", "list"],
      ["clean.input", "clean.fetch_page"],
      ["clean.fetch_page", "clean.count"],
      // The result of a branch comes from its cases, that of a constant from the decision.
      ["clean_2.count", "first_of"],
      ["when: is_big", "first_of"],
      ["or_else", "first_of"],
      ["first_of", "result"],
    ]) {
      const node = (label = ""): string =>
        new RegExp(`^ *(n\\d+)\\W+${label.replaceAll(".", "\\.")}\\W*$`, "m").exec(text)?.[1] ??
        assert.fail(label);
      assert.ok(text.includes(`  ${node(from)} --> ${node(to)}`), `${from} --> ${to}\n${text}`);
    }
    assert.match(text, /^ {2}n1 -\.-> n\d+$/m);
  });

  test("closes every box, and names nothing that it does not draw", () => {
    const opened = lines.filter((line) => line.trim().startsWith("subgraph ")).length;
    assert.equal(lines.filter((line) => line.trim() === "end").length, opened);
    const drawn = new Set(lines.flatMap((line) => /^ *(?:subgraph )?(n\d+)[[({]/.exec(line)?.[1] ?? []));
    const linked = lines.flatMap((line) => [...(/^ *(n\d+) -\.?-> (n\d+)$/.exec(line)?.slice(1) ?? [])]);
    assert.ok(linked.length > 15);
    assert.deepEqual(
      linked.filter((name) => !drawn.has(name)),
      [],
    );
  });

  test("writes texts so that they mean nothing in Mermaid", () => {
    const odd = job("odd", {
      graph: ({ match }) => match(tick() as never, { 'a "b"]': () => tick() } as never),
    });
    assert.ok(graphDiagram(graphOf(odd)).includes('  subgraph n2["a #34;b#34;]"]'));
  });
});

suite("a graph as JSON", () => {
  test("holds the steps of maps, branches and nested graphs within them", () => {
    const described = describeGraph(graphOf(ingest));
    const [, pages] = described.steps;
    assert.deepEqual(
      [described.ops, pages?.id, pages?.kind, pages?.["concurrency"]],
      [10, "pages", "map", 4],
    );
    assert.deepEqual(pages?.["over"], { $: "ref", node: "list", path: [] });
    const { steps } = pages as unknown as {
      steps: readonly [{ id: string; steps: readonly { id: string }[] }];
    };
    const inner = steps[0].steps.map(({ id }) => id);
    assert.deepEqual(
      [steps[0].id, inner],
      ["clean", ["clean.input", "clean.fetch_page", "clean.is_big", "clean.when"]],
    );
    assert.deepEqual(described.gives, {
      counts: { $: "ref", node: "pages", path: [] },
      first: { $: "ref", node: "first_of", path: [] },
    });
  });

  test("tells values that JSON has not, and records that look like its signs", () => {
    const at = new Date(0);
    const odd = job("odd", {
      graph: () => ({ page: fetchPage({ page: 1, at }), raw: [{ $: "ref" }, { $: tick() }] }),
    });
    const described = describeGraph(graphOf(odd));
    assert.deepEqual(described.steps[0]?.["input"], { page: 1, at: { $: "date", v: 0 } });
    assert.deepEqual(described.gives, {
      page: { $: "ref", node: "fetch_page", path: [] },
      raw: [
        { $: "object", v: [["$", "ref"]] },
        { $: "object", v: [["$", { $: "ref", node: "tick", path: [] }]] },
      ],
    });
  });
});
