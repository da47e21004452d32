import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import * as z from "zod";
import { isJob } from "../job/job-definition.ts";
import { job } from "../job/job.ts";
import { op } from "../op/op.ts";
import { unreachable } from "../unreachable.ts";
import { describeGraph } from "./describe-graph.ts";
import type { GraphScope, JobGraph, Template } from "./graph-data.ts";
import { graph } from "./graph.ts";
import type { AnyRef } from "./ref.ts";
import { refsOf } from "./fill-template.ts";
import { givenTo } from "./node-refs.ts";

/**
 * A graph function as data. Numbers choose among the values that there are, which each step adds to; the last one is what
 * a body gives.
 */
type Step =
  | { readonly do: "work"; readonly with: readonly number[] }
  | { readonly do: "map"; readonly over: number; readonly body: readonly Step[] }
  | {
      readonly do: "when";
      readonly on: number;
      readonly taken: readonly Step[];
      readonly otherwise?: readonly Step[] | undefined;
    }
  | {
      readonly do: "match";
      readonly on: number;
      readonly small: readonly Step[];
      readonly large: readonly Step[];
    }
  | { readonly do: "graph"; readonly with: number; readonly body: readonly Step[] }
  | { readonly do: "first"; readonly of: readonly number[] }
  | { readonly do: "else"; readonly of: number };

const { body: steps } = fc.letrec<{ step: Step; body: readonly Step[] }>((tie) => {
  const value = fc.nat(20);
  const body = tie("body");
  return {
    body: fc.array(tie("step"), { maxLength: 5, depthIdentifier: "graph" }),
    step: fc.oneof(
      { depthSize: "small", depthIdentifier: "graph" },
      fc.record({ do: fc.constant("work" as const), with: fc.array(value, { minLength: 1, maxLength: 3 }) }),
      fc.record({ do: fc.constant("map" as const), over: value, body }),
      fc.record({
        do: fc.constant("when" as const),
        on: value,
        taken: body,
        otherwise: fc.option(body, { nil: undefined }),
      }),
      fc.record({ do: fc.constant("match" as const), on: value, small: body, large: body }),
      fc.record({ do: fc.constant("graph" as const), with: value, body }),
      fc.record({ do: fc.constant("first" as const), of: fc.array(value, { minLength: 1, maxLength: 3 }) }),
      fc.record({ do: fc.constant("else" as const), of: value }),
    ),
  };
});

/** What graph functions are written with: for refs, or for values at once. */
interface Tools<V> {
  work(given: readonly V[]): V;
  list(of: V): V;
  odd(of: V): V;
  size(of: V): V;
  map(list: V, each: (item: V, index: V) => V): V;
  when(on: V, then: () => V, otherwise?: () => V): V;
  match(on: V, cases: { small: () => V; large: () => V }): V;
  graph(given: V, body: (tools: Tools<V>, input: V) => V): V;
  first(of: readonly V[]): V;
  otherwise(of: V): V;
}

function play<V>(program: readonly Step[], given: readonly [V, ...V[]], tools: Tools<V>): V {
  const values: [V, ...V[]] = [...given];
  const at = (index: number): V => values[index % values.length] ?? values[0];
  const inner = (body: readonly Step[], ...more: V[]) => play(body, [...values, ...more], tools);
  const result = (step: Step): V => {
    switch (step.do) {
      case "work":
        return tools.work(step.with.map(at));
      case "map":
        return tools.map(tools.list(at(step.over)), (item, index) => inner(step.body, index, item));
      case "when": {
        const { otherwise } = step;
        return tools.when(
          tools.odd(at(step.on)),
          () => inner(step.taken),
          otherwise && (() => inner(otherwise)),
        );
      }
      case "match":
        return tools.match(tools.size(at(step.on)), {
          small: () => inner(step.small),
          large: () => inner(step.large),
        });
      case "graph":
        return tools.graph(at(step.with), (own, input) => play(step.body, [input], own));
      case "first":
        return tools.first(step.of.map(at));
      case "else":
        return tools.otherwise(at(step.of));
      default:
        return unreachable(step);
    }
  };
  for (const step of program) values.push(result(step));
  return values.at(-1) ?? values[0];
}

// What the ops do. Some of their steps skip themselves.
const skipped = Symbol("skipped");
const digest = (value: unknown): number =>
  new TextEncoder().encode(JSON.stringify(value)).reduce((sum, byte) => (sum * 31 + byte) % 1_009, 7);
const does: Readonly<Record<string, (given: unknown) => unknown>> = {
  work: (given) => (digest(given) % 5 === 0 ? skipped : digest(given)),
  list: (given) => Array.from({ length: digest(given) % 4 }, (_, index) => digest([given, index])),
  odd: (given) => digest(given) % 2 === 1,
  size: (given) => (digest(given) % 3 === 0 ? "small" : "large"),
};

/** At once, without a graph. `null` stands in for what is skipped. */
function direct(ran: string[]): Tools<unknown> {
  const run = (name: string, given: unknown): unknown => {
    if (given === skipped || (Array.isArray(given) && given.includes(skipped))) return skipped;
    ran.push(`${name} ${JSON.stringify(given)}`);
    return does[name]?.(given);
  };
  const tools: Tools<unknown> = {
    work: (given) => run("work", given),
    list: (of) => run("list", of),
    odd: (of) => run("odd", of),
    size: (of) => run("size", of),
    map: (list, each) =>
      Array.isArray(list)
        ? list.map((item: unknown, index) => each(item, index)).filter((one) => one !== skipped)
        : skipped,
    when: (on, then, otherwise) =>
      on === skipped ? skipped : on === true ? then() : (otherwise?.() ?? skipped),
    match: (on, cases) => (on === "small" ? cases.small() : on === "large" ? cases.large() : skipped),
    graph: (given, body) => body(tools, given),
    first: (of) => of.find((one) => one !== skipped) ?? skipped,
    otherwise: (of) => (of === skipped ? -1 : of),
  };
  return tools;
}

const Any = z.object({ given: z.unknown() });
const ops = {
  work: op("work", { input: Any, output: z.unknown(), run: () => 1 }),
  list: op("list", { input: Any, output: z.array(z.unknown()), run: () => [] }),
  odd: op("odd", { input: Any, output: z.boolean(), run: () => true }),
  size: op("size", { input: Any, output: z.enum(["small", "large"]), run: () => "small" as const }),
};
type Tool = (...given: unknown[]) => AnyRef;
type Context = Readonly<Record<"map" | "when" | "match" | "firstOf" | "orElse" | "input", Tool>>;

/** By the builders that users call. */
function recording({ map, when, match, firstOf, orElse }: Context): Tools<unknown> {
  return {
    work: (given) => ops.work({ given }),
    list: (given) => ops.list({ given }),
    odd: (given) => ops.odd({ given }),
    size: (given) => ops.size({ given }),
    map: (list, each) => map(list, each),
    when: (on, then, otherwise) => when(on, then, otherwise),
    match: (on, cases) => match(on, cases),
    graph: (given, body) =>
      graph("nested", {
        input: Any,
        graph: (context) => body(recording(context as unknown as Context), context.input.given) as AnyRef,
      })({ given }),
    first: (of) => firstOf(of),
    otherwise: (of) => orElse(of, -1),
  };
}

function built(program: readonly Step[]): JobGraph {
  const made = job("random", {
    config: Any,
    graph: (context) =>
      play(program, [context.config.given], recording(context as unknown as Context)) as AnyRef<"random">,
  });
  assert.ok(isJob(made) && made.body.body === "graph");
  assert.deepEqual(made.problems(), []);
  return made.body.graph();
}

/** Goes through the nodes as they stand. Knows nothing of how they were called. */
function interpret(scope: GraphScope, around: (id: string) => unknown, ran: string[]): unknown {
  const values = new Map<string, unknown>();
  const cases = new Map<string, unknown>();
  const settle = (template: Template): unknown => {
    switch (template.template) {
      case "value":
        return template.value;
      case "ref": {
        let value = read(template.node);
        for (const name of template.path)
          if (value !== skipped) value = (value as Record<string, unknown>)[name];
        return value;
      }
      case "list": {
        const items = template.items.map(settle);
        return items.includes(skipped) ? skipped : items;
      }
      case "record": {
        const fields = Object.entries(template.fields).map(([name, field]) => [name, settle(field)] as const);
        return fields.some(([, field]) => field === skipped) ? skipped : Object.fromEntries(fields);
      }
      default:
        return unreachable(template);
    }
  };
  // A branch is worth what its case is, which comes after it.
  const read = (id: string): unknown => {
    const branch = scope.nodes.find((node) => node.id === id);
    if (branch?.node !== "branch") return values.has(id) ? values.get(id) : around(id);
    const taken = cases.get(id);
    const result = taken === skipped ? undefined : branch.cases[String(taken)];
    return result === undefined ? skipped : settle(result);
  };
  for (const node of scope.nodes) {
    const active = node.guard === undefined || String(cases.get(node.guard.branch)) === node.guard.case;
    if (node.node === "branch") {
      const on = active ? settle(node.on) : skipped;
      cases.set(node.id, on);
    } else if (!active) values.set(node.id, skipped);
    else if (node.node === "op") {
      const input = settle(node.input);
      if (input !== skipped)
        ran.push(`${node.op.name} ${JSON.stringify((input as { given: unknown }).given)}`);
      values.set(
        node.id,
        input === skipped ? skipped : does[node.op.name]?.((input as { given: unknown }).given),
      );
    } else if (node.node === "map") {
      const list = settle(node.list);
      const items = Array.isArray(list)
        ? list
            .map((item: unknown, index) => {
              const own = new Map<string, unknown>([
                [`${node.id}.item`, item],
                [`${node.id}.index`, index],
              ]);
              return interpret(node.body, (id) => (own.has(id) ? own.get(id) : read(id)), ran);
            })
            .filter((item) => item !== skipped)
        : skipped;
      values.set(node.id, items);
    } else if (node.node === "first") {
      values.set(node.id, node.of.map(settle).find((one) => one !== skipped) ?? skipped);
    } else if (node.node === "else") {
      const of = settle(node.of);
      values.set(node.id, of === skipped ? settle(node.otherwise) : of);
    } else if (node.node === "input") values.set(node.id, settle(node.of));
    else assert.fail(node.node);
  }
  return settle(scope.output);
}

test("any graph function comes to nodes that do what it says, step by step", () => {
  fc.assert(
    fc.property(steps, fc.nat(1_000), (program, seed) => {
      const [expected, found]: [string[], string[]] = [[], []];
      const result = play<unknown>(program, [seed], direct(expected));
      const frozen = built(program);
      const given = (id: string) =>
        id === "config" ? { given: seed } : assert.fail(`${id} is not there yet`);
      assert.deepEqual(interpret(frozen, given, found), result);
      assert.deepEqual(found.toSorted(), expected.toSorted());
    }),
    { numRuns: 400 },
  );
});

const referredIn = (template: Template): string[] => refsOf(template).map(({ node }) => node);

test("any graph's names are unique, and each node refers to what is there before it", () => {
  fc.assert(
    fc.property(steps, (program) => {
      const seen = new Set<string>();
      const check = ({ nodes, output }: GraphScope, around: ReadonlySet<string>): void => {
        const there = new Set(around);
        const own = new Set(nodes.map(({ id }) => id));
        for (const node of nodes) {
          assert.equal(seen.has(node.id), false, node.id);
          seen.add(node.id);
          for (const id of givenTo(node).flatMap(referredIn))
            assert.ok(there.has(id), `${node.id} is before ${id}`);
          if (node.guard !== undefined) assert.ok(own.has(node.guard.branch) && there.has(node.guard.branch));
          there.add(node.id);
          if (node.node === "map")
            check(node.body, new Set([...there, `${node.id}.item`, `${node.id}.index`]));
          if (node.node === "branch")
            for (const id of Object.values(node.cases).flatMap(referredIn))
              assert.ok(own.has(id) || around.has(id));
        }
        for (const id of referredIn(output)) assert.ok(there.has(id), id);
      };
      check(built(program), new Set(["config"]));
    }),
  );
});

test("any graph is told with each of its steps once, and as JSON that is only JSON", () => {
  fc.assert(
    fc.property(steps, (program) => {
      const frozen = built(program);
      const told = describeGraph(frozen);
      assert.deepEqual(JSON.parse(JSON.stringify(told)), told);
      const text = JSON.stringify(told);
      const ids = (scope: GraphScope): string[] =>
        scope.nodes.flatMap((node) => [node.id, ...(node.node === "map" ? ids(node.body) : [])]);
      for (const id of ids(frozen)) assert.equal(text.split(`"id":"${id}"`).length, 2, id);
    }),
  );
});
