import assert from "node:assert/strict";
import { suite, test } from "node:test";
import * as z from "zod";
import { isJob } from "../job/job-definition.ts";
import { job, type AnyJob } from "../job/job.ts";
import { op } from "../op/op.ts";
import { graph } from "./graph.ts";
import { nodesOf } from "./graph-nodes.ts";
import type { Ref } from "./ref.ts";

const list = op("list", { input: z.object({ n: z.int() }), output: z.array(z.int()), run: () => [] });
const get = op("get", { input: z.object({ page: z.int() }), output: z.string(), run: () => "" });
const note = op("note", { input: z.object({ text: z.string() }), output: z.string(), run: () => "" });
const tick = op("tick", { run: () => undefined });
const odd = op("odd", { output: z.boolean(), run: () => true });
const size = op("size", { output: z.enum(["small", "large"]), run: () => "small" as const });

/** Each is one sentence, and has a place in this file. */
function problemsOf(of: AnyJob): readonly string[] {
  assert.ok(isJob(of));
  return of.problems().map(({ code, message, place }) => {
    assert.equal(place.file, import.meta.filename, message);
    return `${code}: ${message}`;
  });
}

function idsOf(of: AnyJob): readonly string[] {
  assert.deepEqual(problemsOf(of), []);
  assert.ok(isJob(of) && of.body.body === "graph");
  return [...nodesOf(of.body.graph())].map(({ id }) => id);
}

suite("a mistake in a graph function is one error with its place", () => {
  test("a ref of another job", () => {
    let stolen: Ref<number> | undefined;
    idsOf(
      job("owner", {
        config: z.object({ n: z.int() }),
        graph: ({ config }) => {
          stolen = config.n;
        },
      }),
    );
    const problems = problemsOf(job("thief", { graph: () => list({ n: stolen ?? 1 }) }));
    assert.deepEqual(problems, [
      "REF_FROM_ELSEWHERE: The step list uses config.n, which belongs to the job owner",
    ]);
  });

  test("a ref of a map or a branch that has come to its end, and several at once", () => {
    const problems = problemsOf(
      job("j", {
        graph: ({ map, when }) => {
          let item: Ref<number> | undefined;
          let branch: Ref<string> | undefined;
          map([1], (one) => {
            item = one;
          });
          when(odd(), () => {
            branch = note({ text: "x" });
          });
          get({ page: item ?? 1 });
          return { branch };
        },
      }),
    );
    assert.deepEqual(problems, [
      "REF_FROM_ELSEWHERE: The step get uses map.item, which belongs to the map map",
      "REF_FROM_ELSEWHERE: the job j uses note, which belongs to the case true of when",
    ]);
  });

  test("a ref of the other case, and of what is around a graph", () => {
    const problems = problemsOf(
      job("j", {
        config: z.object({ n: z.int() }),
        graph: ({ config, when }) => {
          let other: Ref<string> | undefined;
          when(
            odd(),
            () => (other = note({ text: "x" })),
            () => note({ text: other ?? "" }),
          );
          const sees: Ref<number> = config.n;
          graph("inner", { graph: () => list({ n: sees }) })();
        },
      }),
    );
    assert.deepEqual(problems, [
      "REF_FROM_ELSEWHERE: The step note_2 uses note, which belongs to the case true of when",
      "REF_FROM_ELSEWHERE: The step inner.list uses config.n, which belongs to the job j",
    ]);
  });

  const uses: Readonly<Record<string, (ref: never) => unknown>> = {
    "used as a text or a number": (ref) => String(ref),
    "turned into JSON": (ref) => JSON.stringify({ ref }),
    "gone through, by for … of or as a list": (ref) => [...(ref as number[])],
    "taken apart, by … or Object.keys": (ref) => ({ ...(ref as object) }),
    "searched, by in": (ref) => "x" in (ref as object),
    "waited for, by await or by an async function that gives it back": (ref) =>
      (ref as PromiseLike<unknown>).then(undefined),
    changed: (ref) => ((ref as { x: number }).x = 1),
    called: (ref) => (ref as { map: (each: () => void) => void }).map(() => undefined),
  };
  for (const [how, use] of Object.entries(uses)) {
    test(`a ref that is ${how}`, () => {
      const problems = problemsOf(job("j", { graph: () => void use(tick() as never) }));
      const name = how === "called" ? "tick.map" : "tick";
      assert.deepEqual(problems, [`REF_COERCED: The ref ${name} is ${how}, and has no value yet`]);
    });
  }

  test("a ref that is coerced where somebody catches the error", () => {
    const swallowed = job("j", {
      graph: () => {
        try {
          return String(tick());
        } catch {
          return "";
        }
      },
    });
    assert.equal(problemsOf(swallowed).length, 1);
  });

  test("the place of a coerced ref is the line that does it", () => {
    const here = new Error("here").stack ?? "";
    const wrong = job("j", { graph: () => String(tick()) });
    const [, line] = /graph-mistakes\.test\.ts:(\d+)/.exec(here) ?? [];
    assert.ok(isJob(wrong));
    assert.equal(wrong.problems()[0]?.place.line, Number(line) + 1);
  });

  test("a name that is given twice, is taken, is none, or stands for what is given", () => {
    const problems = problemsOf(
      job("j", {
        graph: () => {
          tick(null, { name: "a" });
          tick(null, { name: "a" });
          tick();
          tick(null, { name: "tick" });
          tick(null, { name: "a.b" });
          tick(null, { name: "config" });
        },
      }),
    );
    const anyPlace = problems.map((problem) => problem.replace(/\/\S*:\d+/, "…"));
    assert.deepEqual(anyPlace, [
      "DUPLICATE_KEY: The step a is defined twice: here and at …",
      "DUPLICATE_KEY: The step tick is defined twice: here and at …",
      'INVALID_NAME: "a.b" is no name for a step',
      "INVALID_OPTION: step config: config and partition stand for what the run is given; give it another name",
    ]);
  });

  test("a map over what is no list, and materialize within a map", () => {
    const problems = problemsOf(
      job("j", {
        graph: ({ map, materialize }) => {
          map("abc" as never, () => undefined);
          map({ length: 1 } as never, () => undefined, { name: "records" });
          map([1], () => {
            materialize("a");
          });
        },
      }),
    );
    assert.deepEqual(problems, [
      'MAP_NOT_A_LIST: The map map is given "abc", which is no list',
      "MAP_NOT_A_LIST: The map records is given a record, which is no list",
      "MATERIALIZE_IN_MAP: Assets are made within the map map_2",
    ]);
  });

  test("a value that does not fit, or that is missing, where that is known already", () => {
    const clean = graph("clean", {
      input: z.object({ page: z.int().min(1) }),
      graph: ({ input }) => get({ page: input.page }),
    });
    const problems = problemsOf(
      job("j", {
        config: z.object({ n: z.int() }),
        graph: ({ config }) => {
          get({ page: 0.5 });
          get({} as never);
          clean({ page: 0 });
          list({ n: config.n });
        },
      }),
    );
    assert.deepEqual(problems, [
      "OP_INPUT_INVALID: get: what the graph gives it does not fit its input: page: Invalid input: expected int, received number",
      "OP_INPUT_INVALID: get_2: what the graph gives it does not fit its input: page: Invalid input: expected number, received undefined",
      "OP_INPUT_INVALID: clean.input: what the graph gives it does not fit its input: page: Too small: expected number to be >=1",
    ]);
  });

  test("a value that cannot be kept", () => {
    const circle: { self?: unknown; page: number } = { page: 1 };
    circle.self = circle;
    const problems = problemsOf(
      job("j", {
        graph: () => {
          get({ page: (() => 1) as never });
          note({ text: new URL("http://x") as never });
          get(circle);
        },
      }),
    );
    assert.deepEqual(problems.slice(0, 2), [
      "GRAPH_VALUE_UNFIT: The step get is given what cannot be kept: input.page is a function",
      "GRAPH_VALUE_UNFIT: The step note is given what cannot be kept: input.text is an instance of URL",
    ]);
    assert.match(problems[2] ?? "", /^GRAPH_VALUE_UNFIT: .* is nested deeper than 500 levels$/);
    assert.equal(problems.length, 3);
  });

  test("an option that does not fit", () => {
    const problems = problemsOf(
      job("j", {
        graph: ({ map, when, match }) => {
          tick(null, {
            wen: 1,
            triggerRule: "never",
            timeout: "soon",
            retry: { max: -1 },
            config: {},
          } as never);
          map([1], () => 1, { concurrency: 0 });
          when(odd(), 3 as never);
          match(size(), {} as never);
        },
      }),
    );
    assert.deepEqual(problems, [
      "INVALID_OPTION: call of tick: there is no option wen; there are name, after, triggerRule, retry, timeout, config",
      'INVALID_OPTION: call of tick: triggerRule must be "all_success" or "one_success" or "all_done"',
      "INVALID_OPTION: step tick: the op tick has no config",
      'INVALID_OPTION: step tick: retry needs max (a whole number) and a delay such as "2s"',
      'INVALID_OPTION: step tick: the timeout "soon" is no duration; write it like "30s" or "10m"',
      "INVALID_OPTION: call of map: concurrency must be a whole number from 1 on",
      "INVALID_OPTION: call of when: what is done then must be a function",
      "INVALID_OPTION: call of match: it needs cases: functions by the texts that they are for",
    ]);
  });

  test("an async function, of the job, a graph or a map, whatever it does after its first await", async () => {
    const wait = async (): Promise<void> => {
      await Promise.resolve();
      tick();
    };
    const nested = graph("nested", { graph: wait as () => never });
    const problems = problemsOf(
      job("j", {
        graph: (({ map }: { map: (list: unknown[], each: () => unknown) => unknown }) => {
          nested();
          map([1], wait);
          return wait();
        }) as never,
      }),
    );
    assert.deepEqual(problems, [
      "GRAPH_FUNCTION_ASYNC: The function of the graph nested gives a promise",
      "GRAPH_FUNCTION_ASYNC: The function of the map map gives a promise",
      "GRAPH_FUNCTION_ASYNC: The function of the job j gives a promise",
    ]);
    // The rejections of what went on are nobody's to handle.
    await new Promise(setImmediate);
  });

  test("an async function that gives back a ref", async () => {
    const problems = problemsOf(job("j", { graph: (async () => tick()) as never }));
    assert.deepEqual(problems.toSorted(), [
      "GRAPH_FUNCTION_ASYNC: The function of the job j gives a promise",
      "REF_COERCED: The ref tick is waited for, by await or by an async function that gives it back, and has no value yet",
    ]);
    await new Promise(setImmediate);
  });

  test("a function that throws", () => {
    const problems = problemsOf(
      job("j", {
        graph: () => {
          throw new Error("no such page");
        },
      }),
    );
    assert.deepEqual(problems, ["GRAPH_FUNCTION_FAILED: The function of the job j threw: no such page"]);
  });

  test("a graph that calls itself", () => {
    const called: { itself?: () => unknown } = {};
    const inner = graph("inner", { graph: () => void called.itself?.() });
    const outer = graph("outer", { graph: () => inner() });
    called.itself = outer;
    const problems = problemsOf(job("j", { graph: () => void outer() }));
    assert.deepEqual(problems, [
      "GRAPH_CALLS_ITSELF: The graph outer.inner.outer calls itself: outer → inner → outer",
    ]);
  });
});

suite("outside of a graph function", () => {
  const outside = { code: "OP_CALLED_OUTSIDE_GRAPH" };
  test("an op, a graph, and what a graph function was given cannot be called", () => {
    assert.throws(() => tick(), {
      ...outside,
      message: "The op tick is called outside the function of a graph or job",
    });
    assert.throws(() => graph("clean", { graph: () => 1 })(), outside);
    let kept: (() => unknown) | undefined;
    const keeping = job("j", {
      graph: ({ map }) => {
        kept = () => map([], () => undefined);
      },
    });
    idsOf(keeping);
    assert.throws(() => kept?.(), { ...outside, message: /^map of the job j is called outside/ });
    assert.deepEqual(problemsOf(job("other", { graph: () => void kept?.() })), [
      "OP_CALLED_OUTSIDE_GRAPH: map of the job j is called outside the function of a graph or job",
    ]);
  });

  test("a job may be looked at within the function of another", () => {
    const inner = job("inner", { graph: () => tick() });
    const outer = job("outer", {
      graph: () => {
        tick();
        idsOf(inner);
        return tick();
      },
    });
    assert.deepEqual(idsOf(outer), ["tick", "tick_2"]);
    assert.deepEqual(idsOf(inner), ["tick"]);
  });
});
