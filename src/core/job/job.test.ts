import assert from "node:assert/strict";
import { suite, test } from "node:test";
import * as z from "zod";
import { asset } from "../asset/asset.ts";
import { graph } from "../graph/graph.ts";
import type { GraphNode, GraphScope, JobGraph } from "../graph/graph-data.ts";
import type { Ref } from "../graph/ref.ts";
import { op } from "../op/op.ts";
import { partitions } from "../partition/partitions.ts";
import { isJob } from "./job-definition.ts";
import { job, type AnyJob } from "./job.ts";

const list = op("list", { input: z.object({ n: z.int() }), output: z.array(z.int()), run: () => [] });
const get = op("get", {
  input: z.object({ page: z.int() }),
  output: z.object({ html: z.string(), links: z.array(z.string()), next: z.int().nullable() }),
  run: () => ({ html: "", links: [], next: null }),
});
const note = op("note", { input: z.object({ text: z.string() }), output: z.string(), run: () => "" });
const tick = op("tick", { run: () => undefined });
const odd = op("odd", { output: z.boolean(), run: () => true });
const size = op("size", { output: z.enum(["small", "large"]), run: () => "small" as const });

function recorded(of: AnyJob): { graph: JobGraph; problems: readonly string[] } {
  assert.ok(isJob(of) && of.body.body === "graph");
  return {
    graph: of.body.graph(),
    problems: of.problems().map(({ code, message, place }) => {
      assert.equal(place.file, import.meta.filename, message);
      return `${code}: ${message}`;
    }),
  };
}
const built = (of: AnyJob): JobGraph => {
  const { graph, problems } = recorded(of);
  assert.deepEqual(problems, []);
  return graph;
};
/** Without what every node has, as far as it says nothing. */
const plain = ({ nodes }: GraphScope): unknown[] =>
  nodes.map(({ site, ...node }: GraphNode) => {
    assert.equal(site?.place.file, import.meta.filename);
    const { after, ...rest } = node;
    return {
      ...rest,
      ...(after.length === 0 ? {} : { after }),
      ...("op" in node ? { op: node.op.name } : {}),
      ...("body" in node ? { body: plain(node.body), output: node.body.output } : {}),
    };
  });
const ref = (node: string, ...path: string[]) => ({ template: "ref", node, path });
const value = (of: unknown) => ({ template: "value", value: of });
const record = (fields: object) => ({ template: "record", fields });
const ids = (graph: GraphScope): string[] =>
  graph.nodes.flatMap((node) => [node.id, ...(node.node === "map" ? ids(node.body) : [])]);

suite("the graph of a job", () => {
  test("has a node for each call, with refs to what it is given", () => {
    const graph = built(
      job("j", {
        config: z.object({ pages: z.int() }),
        graph: ({ config }) => {
          const pages = list({ n: config.pages });
          const { html } = get({ page: 1 });
          return { pages, text: note({ text: html }), constant: [1, { a: true }] };
        },
      }),
    );
    assert.deepEqual(plain(graph), [
      {
        node: "op",
        id: "list",
        op: "list",
        triggerRule: "all_success",
        input: record({ n: ref("config", "pages") }),
      },
      { node: "op", id: "get", op: "get", triggerRule: "all_success", input: value({ page: 1 }) },
      {
        node: "op",
        id: "note",
        op: "note",
        triggerRule: "all_success",
        input: record({ text: ref("get", "html") }),
      },
    ]);
    const fields = { pages: ref("list"), text: ref("note"), constant: value([1, { a: true }]) };
    assert.deepEqual(graph.output, record(fields));
    assert.equal(graph.ops, 3);
  });

  test("is built once, when it is asked for, and is frozen", () => {
    let calls = 0;
    const lazy = job("j", {
      graph: () => {
        calls += 1;
        return [get({ page: 1 }), { x: [tick()] }];
      },
    });
    assert.equal(calls, 0);
    const graph = built(lazy);
    assert.equal(built(lazy), graph);
    assert.equal(calls, 1);
    const check = (part: unknown, path: string): void => {
      if (typeof part !== "object" || part === null || path.endsWith(".op") || path.endsWith(".site")) return;
      assert.ok(Object.isFrozen(part), path);
      for (const [name, inner] of Object.entries(part)) check(inner, `${path}.${name}`);
    };
    check(graph, "graph");
  });

  test("values that are given are copied: a later change of them changes nothing", () => {
    const pages = { page: 1 };
    const graph = built(
      job("j", {
        graph: () => {
          get(pages);
          pages.page = 2;
        },
      }),
    );
    assert.deepEqual(graph.nodes[0]?.node === "op" && graph.nodes[0].input, value({ page: 1 }));
  });

  test("names steps after their ops, numbers those of one name, and takes the name that is asked for", () => {
    const graph = built(
      job("j", {
        graph: ({ map }) => {
          tick();
          tick();
          tick(null, { name: "tick_3" });
          tick();
          map([1], () => tick());
          map([1], () => undefined, { name: "pages" });
        },
      }),
    );
    assert.deepEqual(ids(graph), ["tick", "tick_2", "tick_3", "tick_4", "map", "tick_5", "pages"]);
  });

  test("says what a call says: order, join, tries, time, config", () => {
    const told = op("told", { config: z.object({ depth: z.int(), site: z.string() }), run: () => undefined });
    const graph = built(
      job("j", {
        graph: ({ map }) => {
          const first = tick();
          const pages = list({ n: 1 });
          map(pages, (page) => told(null, { after: [first, page], config: { depth: page, site: "x" } }));
          told(null, { after: pages, triggerRule: "all_done", retry: { max: 2 }, timeout: "2s" });
        },
      }),
    );
    const [, , map, last] = graph.nodes;
    assert.ok(map?.node === "map" && last?.node === "op");
    const [inner] = map.body.nodes;
    assert.ok(inner?.node === "op");
    assert.deepEqual(inner.after, ["tick"]);
    assert.deepEqual(inner.config, record({ depth: ref("map.item"), site: value("x") }));
    assert.deepEqual(
      [last.after, last.triggerRule, last.retry?.max, last.timeoutMs],
      [["list"], "all_done", 2, 2_000],
    );
  });

  test("gives a map a body with an item and its place, and collects what it comes to", () => {
    const key = (page: number): string => `p${page}`;
    const graph = built(
      job("j", {
        graph: ({ map }) =>
          map(
            list({ n: 2 }),
            (page, index) => ({ index, links: map(get({ page }).links, (link) => note({ text: link })) }),
            {
              key,
              concurrency: 4,
            },
          ),
      }),
    );
    assert.deepEqual(plain(graph).slice(1), [
      {
        node: "map",
        id: "map",
        list: ref("list"),
        key,
        concurrency: 4,
        body: [
          {
            node: "op",
            id: "get",
            op: "get",
            triggerRule: "all_success",
            input: record({ page: ref("map.item") }),
          },
          {
            node: "map",
            id: "map_2",
            list: ref("get", "links"),
            body: [
              {
                node: "op",
                id: "note",
                op: "note",
                triggerRule: "all_success",
                input: record({ text: ref("map_2.item") }),
              },
            ],
            output: ref("note"),
          },
        ],
        output: record({ index: ref("map.index"), links: ref("map_2") }),
      },
    ]);
    assert.deepEqual(graph.output, ref("map"));
    assert.equal(graph.ops, 3);
  });

  test("makes branches guards of what is called in them, the inner one where they nest", () => {
    const graph = built(
      job("j", {
        graph: ({ when, match, map }) => {
          const sized = when(
            odd(),
            () => note({ text: "odd" }),
            () => match(size(), { small: () => note({ text: "s" }), large: () => "l" }),
          );
          when(odd(), () => map([1], () => tick()));
          return sized;
        },
      }),
    );
    const simple = plain(graph) as { id: string; guard?: unknown; cases?: unknown; body?: unknown }[];
    assert.deepEqual(
      simple.map(({ id, guard, cases }) => [id, guard, cases]),
      [
        ["odd", undefined, undefined],
        ["when", undefined, { true: ref("note"), false: ref("match") }],
        ["note", { branch: "when", case: "true" }, undefined],
        ["size", { branch: "when", case: "false" }, undefined],
        ["match", { branch: "when", case: "false" }, { small: ref("note_2"), large: value("l") }],
        ["note_2", { branch: "match", case: "small" }, undefined],
        ["odd_2", undefined, undefined],
        ["when_2", undefined, { true: ref("map") }],
        ["map", { branch: "when_2", case: "true" }, undefined],
      ],
    );
    // What stands in the map is guarded by the map.
    const map = graph.nodes.at(-1);
    assert.equal(map?.node === "map" && map.body.nodes[0]?.guard, undefined);
    assert.deepEqual(graph.output, ref("when"));
  });

  test("joins what may be skipped", () => {
    const graph = built(
      job("j", {
        graph: ({ when, firstOf, orElse, present }) => {
          const maybe = when(odd(), () => 1);
          return [firstOf([maybe, list({ n: 1 })]), orElse(maybe, 3), present(get({ page: 1 }).next)];
        },
      }),
    );
    assert.deepEqual(
      plain(graph)
        .filter((node) => (node as GraphNode).node !== "op")
        .slice(1),
      [
        { node: "first", id: "first_of", of: [ref("when"), ref("list")] },
        { node: "else", id: "or_else", of: ref("when"), otherwise: value(3) },
        { node: "present", id: "present", of: ref("get", "next") },
      ],
    );
  });

  test("takes nested graphs in, with their names before those of their steps, and parses what they are given", () => {
    const Input = z.object({ page: z.int() });
    const Config = z.object({ depth: z.int().default(1) });
    const inner = graph("inner", { graph: () => tick() });
    const clean = graph("clean", {
      input: Input,
      config: Config,
      graph: ({ input, config, map }) => {
        inner();
        return {
          page: get({ page: input.page }),
          all: map([1], () => list({ n: config.depth })),
          fixed: { a: 3 },
        };
      },
    });
    const made = built(
      job("j", {
        graph: () => {
          const first = clean({ page: 1 });
          const { page, fixed } = clean({ page: fixed3(first) }, { after: first.all, config: { depth: 2 } });
          return [page.html, fixed.a];
        },
      }),
    );
    assert.deepEqual(ids(made), [
      "clean.input",
      "clean.config",
      "clean.inner.tick",
      "clean.get",
      "clean.map",
      "clean.list",
      "clean_2.input",
      "clean_2.config",
      "clean_2.inner.tick",
      "clean_2.get",
      "clean_2.map",
      "clean_2.list",
    ]);
    const [input, config, , , map] = plain(made);
    assert.deepEqual(input, {
      node: "input",
      id: "clean.input",
      graph: "clean",
      of: value({ page: 1 }),
      schema: Input,
    });
    assert.deepEqual(config, {
      node: "input",
      id: "clean.config",
      graph: "clean",
      of: value({}),
      schema: Config,
    });
    assert.deepEqual((map as { body: unknown }).body, [
      {
        node: "op",
        id: "clean.list",
        op: "list",
        triggerRule: "all_success",
        input: record({ n: ref("clean.config", "depth") }),
      },
    ]);
    // Order holds for all that a graph does; what stands in a map waits with the map.
    const waiting = made.nodes.filter(({ after }) => after.includes("clean.map")).map(({ id }) => id);
    assert.deepEqual(
      waiting,
      ids(made).filter((id) => id.startsWith("clean_2") && id !== "clean_2.list"),
    );
    assert.deepEqual(made.output, { template: "list", items: [ref("clean_2.get", "html"), value(3)] });
  });

  test("makes assets, by themselves or by a selection", () => {
    const sales = asset("sales/all", { value: z.int(), run: () => 1 });
    const made = built(
      job("j", {
        partitions: partitions.monthly({ start: "2001-01" }),
        graph: ({ materialize, partition }) => {
          const first = materialize(sales);
          materialize([sales, "group:daily"], { after: first, partition: partition.key, name: "rest" });
        },
      }),
    );
    assert.deepEqual(plain(made), [
      { node: "materialize", id: "materialize", selection: "sales/all", assets: [sales] },
      {
        node: "materialize",
        id: "rest",
        after: ["materialize"],
        selection: "sales/all or (group:daily)",
        assets: [sales],
        partition: ref("partition", "key"),
      },
    ]);
  });

  test("of a thousand calls is built in a moment, and names stay apart", () => {
    const made = built(
      job("j", {
        graph: () => {
          for (let call = 0; call < 1_000; call += 1) tick();
        },
      }),
    );
    assert.equal(new Set(ids(made)).size, 1_000);
    assert.equal(made.nodes.at(-1)?.id, "tick_1000");
  });
});

/** A number that is known, out of a graph's record: a ref of a constant is that constant. */
function fixed3(of: { readonly fixed: { readonly a: Ref<number> } }): Ref<number> {
  return of.fixed.a;
}

suite("a job over assets", () => {
  const months = partitions.monthly({ start: "2001-01" });
  const one = asset("one", { value: z.int(), partitions: months, run: () => 1 });
  const two = asset("a/two", { value: z.int(), run: () => 1 });

  test("has them as one selection, and their partitions where they are alike", () => {
    const of = (assets: Parameters<typeof job>[1]["assets"]) => {
      const made = job("j", { assets } as never);
      assert.ok(isJob(made) && made.body.body === "assets");
      assert.deepEqual(made.problems(), []);
      return [made.body.selection, made.partitions.kind] as const;
    };
    assert.deepEqual(of("group:daily or +one" as never), ["group:daily or +one", "none"]);
    assert.deepEqual(of(one as never), ["one", "time"]);
    assert.deepEqual(of([one, two, "group:x, y"] as never), ["one or a/two or (group:x, y)", "time"]);
  });

  test("tells what it is not made of", () => {
    const made = job("bad name", { assets: [3], graph: () => 1, retry: { max: 0.5 }, wrong: 1 } as never);
    assert.ok(isJob(made));
    assert.deepEqual(
      made.problems().map(({ message }) => message),
      [
        '"bad name" is no name for a job',
        "job bad name: there is no option wrong; there are description, graph, assets, retry, timeout, runTimeout, hooks, config, partitions, publish, tags",
        "job bad name: it needs exactly one of graph and assets",
        "job bad name: assets are a selection such as group:daily, an asset, or a list of those",
        'job bad name: retry needs max (a whole number) and a delay such as "2s"',
      ],
    );
  });
});
