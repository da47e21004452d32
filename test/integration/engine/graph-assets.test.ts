import assert from "node:assert/strict";
import { suite, test } from "node:test";
import {
  asset,
  check,
  graphAsset,
  graphMultiAsset,
  job,
  op,
  partitions,
  skip,
  sql,
  type MillraceError,
} from "millrace";
import * as z from "zod";
import { openWorld, type World } from "./world.ts";

const numbers = asset("numbers", {
  columns: z.object({ n: z.int() }),
  sql: sql`select unnest([1, 2, 3])::integer as n`,
});
const read = op("read", {
  deps: { numbers },
  output: z.array(z.int()),
  run: async ({ numbers: rows }) => (await rows.rows()).map(({ n }) => n).toSorted((a, b) => a - b),
});
const calls: string[] = [];
const square = op("square", {
  input: z.object({ n: z.int() }),
  output: z.object({ n: z.int(), square: z.int() }),
  run({ input: { n } }) {
    calls.push(`square ${n}`);
    return { n, square: n * n };
  },
});
const text = op("text", {
  input: z.object({ rows: z.array(z.object({ square: z.int() })) }),
  output: z.string(),
  run: ({ input }) => input.rows.map((row) => row.square).join(),
});
const steps = async ({ world }: World, runId = ""): Promise<readonly string[]> =>
  (await world.open.context.state.runs.steps(runId)).map(({ key, status }) => `${key} ${status}`);

suite("an asset that a graph of ops makes", () => {
  test("has its ops as steps, and is written, checked and published like any other", async (t) => {
    const squares = graphAsset("squares", {
      columns: z.object({ n: z.int(), square: z.int() }),
      deps: { numbers },
      checks: [check.unique("n")],
      graph: ({ map }) => map(read(), (n) => square({ n })),
    });
    const world = await openWorld(t, { numbers, squares });
    const { outcome } = await world.materialize({});
    assert.equal(outcome?.status, "success");
    assert.deepEqual(await world.rows("squares"), [
      { n: 1, square: 1 },
      { n: 2, square: 4 },
      { n: 3, square: 9 },
    ]);
    assert.deepEqual(await steps(world, outcome.runId), [
      "numbers success",
      "squares success",
      "squares: read success",
      "squares: square[0] success",
      "squares: square[1] success",
      "squares: square[2] success",
    ]);
    const [piece] = await world.pieces("squares");
    assert.deepEqual(
      piece?.version.inputs?.map((input) => input.asset),
      ["numbers"],
    );
    const again = await world.materialize({ staleOnly: true });
    assert.equal(again.outcome, undefined, "nothing is stale");
  });

  test("does none of its ops when all it reads came out as it was (N22)", async (t) => {
    calls.length = 0;
    const world = await openWorld(t, { numbers, total: totalOver(numbers) });
    await world.materialize({});
    assert.equal(calls.length, 3);
    const other = asset("numbers", {
      columns: z.object({ n: z.int() }),
      sql: sql`select unnest([3, 2, 1])::integer as n`,
    });
    const next = await openWorld(t, { numbers: other, total: totalOver(other) }, process.cwd(), world);
    const { outcome } = await next.materialize({ selection: "numbers+", staleOnly: true });
    assert.equal(outcome?.status, "success");
    assert.equal(calls.length, 3, "equal content: the graph is not begun");
  });

  test("several assets come out of one graph; one that is optional may be skipped", async (t) => {
    const none = op("none", { output: z.string(), run: () => skip("no remarks") });
    const { squares, remarks } = graphMultiAsset("summary", {
      outputs: {
        squares: { columns: z.object({ n: z.int(), square: z.int() }) },
        remarks: { file: "text/plain", optional: true },
      },
      deps: { numbers },
      graph: ({ map }) => ({ squares: map(read(), (n) => square({ n })), remarks: none() }),
    });
    const world = await openWorld(t, { numbers, squares, remarks });
    const { outcome } = await world.materialize({});
    assert.deepEqual(outcome?.failed, []);
    assert.equal((await world.rows("summary/squares")).length, 3);
    assert.deepEqual(await world.pieces("summary/remarks"), []);
  });

  test("a partition reads its own part of what is partitioned alike, and has ops of its own", async (t) => {
    const days = partitions.static(["mon", "tue"]);
    const daily = asset("daily", {
      columns: z.object({ day: z.string(), n: z.int() }),
      partitions: days,
      sql: sql`select ${days.key} as day, 7 as n`,
    });
    const readDay = op("read_day", {
      deps: { daily },
      output: z.string(),
      run: async ({ daily: rows }) => (await rows.rows()).map(({ day, n }) => `${day}${n}`).join(),
    });
    const named = op("named", {
      input: z.object({ key: z.string(), found: z.string() }),
      output: z.string(),
      run: ({ input }) => `${input.key}: ${input.found}`,
    });
    const told = graphAsset("told", {
      value: z.string(),
      partitions: days,
      deps: { daily },
      graph: ({ partition }) => named({ key: partition.key, found: readDay() }),
    });
    const world = await openWorld(t, { daily, told });
    const { outcome } = await world.materialize({});
    assert.deepEqual(outcome?.failed, []);
    const pieces = await world.pieces("told");
    assert.deepEqual(
      pieces.map(({ version: { location = { inline: "" } } }) => "inline" in location && location.inline),
      ['"mon: mon7"', '"tue: tue7"'],
    );
    assert.ok((await steps(world, outcome?.runId)).includes("told[tue]: named success"));
  });

  test("one op that fails leaves what was current; gone on with, the others are not done again", async (t) => {
    calls.length = 0;
    let broken = true;
    const picky = op("picky", {
      input: z.object({ n: z.int() }),
      output: z.object({ n: z.int(), square: z.int() }),
      run({ input: { n } }) {
        calls.push(`picky ${n}`);
        if (n === 2 && broken) throw new Error("not two");
        return { n, square: n * n };
      },
    });
    const squares = graphAsset("squares", {
      columns: z.object({ n: z.int(), square: z.int() }),
      deps: { numbers },
      graph: ({ map }) => map(read(), (n) => picky({ n })),
    });
    const world = await openWorld(t, { numbers, squares });
    const first = await world.materialize({});
    assert.deepEqual(
      first.outcome?.failed.map(({ step }) => step),
      ["squares: picky[1]"],
    );
    assert.deepEqual(await world.pieces("squares"), []);
    broken = false;
    const second = await world.materialize({}, { fromFailure: true });
    assert.deepEqual([second.outcome?.status, second.outcome?.runId], ["success", first.outcome?.runId]);
    assert.deepEqual(calls, ["picky 1", "picky 2", "picky 3", "picky 2"]);
    assert.equal((await world.rows("squares")).length, 3);
  });

  test("is made by a job that materializes it, after what that waits for", async (t) => {
    const squares = graphAsset("squares", {
      columns: z.object({ n: z.int(), square: z.int() }),
      deps: { numbers },
      graph: ({ map }) => map(read(), (n) => square({ n })),
    });
    const order: string[] = [];
    const before = op("before", { run: () => void order.push("before") });
    const bad = op("bad", {
      run: () => {
        throw new Error("no");
      },
    });
    const good = job("good", {
      graph: ({ materialize }) => void materialize([numbers, squares], { after: before() }),
    });
    const stopped = job("stopped", {
      graph: ({ materialize }) => void materialize(squares, { after: bad() }),
    });
    const world = await openWorld(t, { numbers, squares, good, stopped });
    assert.deepEqual((await world.runJob({ job: "good" })).failed, []);
    assert.equal((await world.rows("squares")).length, 3);
    const { failed, runId } = await world.runJob({ job: "stopped" });
    assert.deepEqual(
      failed.map(({ step }) => step),
      ["bad"],
    );
    assert.deepEqual(await steps(world, runId), ["squares skipped", "bad failure"]);
  });

  test("names an op that reads what the asset does not name, with its place", async (t) => {
    const squares = graphAsset("squares", {
      columns: z.object({ n: z.int(), square: z.int() }),
      graph: ({ map }) => map(read(), (n) => square({ n })),
    });
    const error = await openWorld(t, { numbers, squares }).then(
      () => assert.fail("it was taken"),
      (thrown: unknown) => thrown as MillraceError,
    );
    const [problem] = error.problems;
    assert.equal(problem?.code, "GRAPH_READS_UNLISTED");
    assert.equal(problem.place.asset, "squares");
    assert.match(problem.place.file ?? "", /graph-assets\.test\.ts$/);
  });
});

function totalOver(source: typeof numbers) {
  const readSource = op("read", {
    deps: { numbers: source },
    output: z.array(z.int()),
    run: async ({ numbers: rows }) => (await rows.rows()).map(({ n }) => n).toSorted((a, b) => a - b),
  });
  return graphAsset("total", {
    value: z.string(),
    deps: { numbers: source },
    codeVersion: "as before",
    graph: ({ map }) => text({ rows: map(readSource(), (n) => square({ n })) }),
  });
}
