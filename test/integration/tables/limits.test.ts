import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { suite, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { columnX, sql, statement, TableWorld } from "./table-world.ts";

const slow = statement(sql`select count(*) as x from range(100000000000) t(i) where i % 7 = 3`);
const n = columnX({ kind: "safe_integer" });

async function drained(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of stream);
}

async function timed(work: () => Promise<unknown>): Promise<{ thrown: unknown; ms: number }> {
  const start = performance.now();
  const thrown = await work().then(
    () => undefined,
    (error: unknown) => error,
  );
  return { thrown, ms: performance.now() - start };
}
const codeOf = (thrown: unknown): unknown => (thrown as { code?: unknown } | undefined)?.code;

suite("limits of a query", () => {
  test("the time limit stops a query, and the connection goes on", async () => {
    await using world = await TableWorld.open();
    for (const query of [
      () => world.engine.rows({ statement: slow, timeLimitMs: 100 }),
      () =>
        world.engine.encode({
          statement: slow,
          columns: [n],
          format: "json",
          shape: "list",
          timeLimitMs: 100,
        }),
      () => drained(world.engine.batches({ statement: slow, timeLimitMs: 100 })),
    ]) {
      const { thrown, ms } = await timed(query);
      assert.equal(codeOf(thrown), "QUERY_TIMED_OUT", String(thrown));
      assert.ok(ms >= 95 && ms < 300, `${ms} ms`);
    }
    assert.deepEqual(await world.engine.rows({ statement: statement(sql`select 1 as x`) }), [{ x: 1 }]);
  });

  test("an abort stops a query that runs, one that waits and one that has not begun", async () => {
    await using world = await TableWorld.open({ maxConcurrent: 1 });
    const [first, second] = [new AbortController(), new AbortController()];
    const running = timed(() => world.engine.rows({ statement: slow, signal: first.signal }));
    const waiting = timed(() => world.engine.rows({ statement: slow, signal: second.signal }));
    await sleep(50);
    second.abort();
    const { thrown, ms } = await waiting;
    assert.equal(codeOf(thrown), "CANCELED");
    assert.ok(ms < 150, `${ms} ms`);
    first.abort();
    assert.equal(codeOf((await running).thrown), "CANCELED");
    const late = await timed(() => world.engine.rows({ statement: slow, signal: AbortSignal.abort() }));
    assert.equal(codeOf(late.thrown), "CANCELED");
  });

  test("an abort between two batches ends the stream", async () => {
    await using world = await TableWorld.open();
    const controller = new AbortController();
    const stream = world.engine.batches({
      statement: statement(sql`select range as x from range(1e9::bigint)`),
      signal: controller.signal,
    });
    await assert.rejects(
      async () => {
        for await (const _ of stream) controller.abort();
      },
      { code: "CANCELED" },
    );
  });

  test("leaving a stream early stops its query and gives its connection back", async () => {
    await using world = await TableWorld.open({ maxConcurrent: 1 });
    for (let round = 0; round < 3; round += 1) {
      for await (const batch of world.engine.batches({
        statement: statement(sql`select range as x from range(1e12::bigint)`),
        size: 10,
      })) {
        assert.equal(batch.length, 10);
        break;
      }
    }
    assert.deepEqual(await world.engine.rows({ statement: statement(sql`select 1 as x`) }), [{ x: 1 }]);
  });

  test("more rows than allowed are an error, exactly as many are not", async () => {
    await using world = await TableWorld.open();
    const of = (rows: number) => statement(sql`select range as x from range(${rows})`);
    for (const [rows, fits] of [
      [10, true],
      [11, false],
      [5000, false],
    ] as const) {
      const limits = { statement: of(rows), columns: [n], maxRows: 10 };
      for (const query of [
        () => world.engine.rows(limits),
        () => drained(world.engine.batches(limits)),
        () => world.engine.encode({ ...limits, format: "json", shape: "list" }),
        () => world.engine.encode({ ...limits, format: "csv", shape: "list" }),
      ]) {
        assert.equal(codeOf((await timed(query)).thrown), fits ? undefined : "TOO_MANY_ROWS");
      }
    }
  });

  test("keep drops further rows, tells whether there were any and the last one kept", async () => {
    await using world = await TableWorld.open();
    const page = async (rows: number, keep: number) => {
      const { body, rowCount, more, last } = await world.engine.encode({
        statement: statement(sql`select range as x from range(${rows}) order by x desc`),
        columns: [n],
        format: "json",
        shape: "list",
        keep,
        maxRows: 10_000,
        lastOf: ["x"],
      });
      return { x: (JSON.parse(body.toString()) as { x: number }[]).map(({ x }) => x), rowCount, more, last };
    };
    assert.deepEqual(await page(100, 3), { x: [99, 98, 97], rowCount: 3, more: true, last: { x: 97 } });
    assert.deepEqual(await page(3, 3), { x: [2, 1, 0], rowCount: 3, more: false, last: { x: 0 } });
    assert.deepEqual(await page(0, 3), { x: [], rowCount: 0, more: false, last: undefined });
    // A page that ends where the engine's vectors of 2,048 rows end, and one within the next.
    for (const keep of [2048, 2049, 5000]) {
      for (const _ of ["first", "again"]) {
        const { x, more, last } = await page(6000, keep);
        assert.deepEqual([x.length, x.at(-1), more, last], [keep, 6000 - keep, true, { x: 6000 - keep }]);
      }
    }
  });

  test("one object is a body without brackets, nothing without a row, and an error with two", async () => {
    await using world = await TableWorld.open();
    const one = (rows: number) =>
      world.engine.encode({
        statement: statement(sql`select range as x from range(${rows})`),
        columns: [n],
        format: "json",
        shape: "one",
      });
    assert.equal((await one(1)).body.toString(), '{"x":0}');
    const none = await one(0);
    assert.deepEqual([none.body.length, none.rowCount, none.last], [0, 0, undefined]);
    await assert.rejects(one(2), { code: "RESPONSE_INVALID", message: /several rows/ });
  });

  test("queries beyond the queue are turned away at once, those in it when patience ends", async () => {
    await using world = await TableWorld.open({ maxConcurrent: 1, maxQueued: 1, patienceMs: 50 });
    const stop = new AbortController();
    const running = timed(() => world.engine.rows({ statement: slow, signal: stop.signal }));
    const waiting = timed(() => world.engine.rows({ statement: slow }));
    const refused = await timed(() => world.engine.rows({ statement: slow }));
    assert.equal(codeOf(refused.thrown), "OVERLOADED");
    assert.ok(refused.ms < 20, `${refused.ms} ms`);
    const { thrown, ms } = await waiting;
    assert.equal(codeOf(thrown), "OVERLOADED");
    assert.ok(ms >= 45 && ms < 150, `${ms} ms`);
    stop.abort();
    await running;
  });

  test("32 queries at once leave threads for reading files", async (context) => {
    // Without a larger pool there is one thread less than the engine takes; the launcher of every process sets it.
    if (process.env["UV_THREADPOOL_SIZE"] !== "16") return context.skip("needs UV_THREADPOOL_SIZE=16");
    await using world = await TableWorld.open();
    const stop = new AbortController();
    const queries = Array.from({ length: 32 }, () =>
      timed(() => world.engine.rows({ statement: slow, signal: stop.signal, timeLimitMs: 3000 })),
    );
    await sleep(50);
    const reads: number[] = [];
    for (let round = 0; round < 10; round += 1) {
      reads.push((await timed(() => readFile(new URL(import.meta.url)))).ms);
    }
    stop.abort();
    await Promise.all(queries);
    assert.ok(Math.max(...reads) < 250, `reading a file took up to ${Math.max(...reads).toFixed(0)} ms`);
    return undefined;
  });

  test("32 different queries at once all give their own answer", async () => {
    await using world = await TableWorld.open();
    const answers = await Promise.all(
      Array.from({ length: 32 }, async (_, index) => {
        const { body } = await world.engine.encode({
          statement: statement(sql`select ${index} * 1000 + range as x from range(3)`),
          columns: [n],
          format: "json",
          shape: "list",
        });
        return (JSON.parse(body.toString()) as { x: number }[]).map(({ x }) => x - index * 1000);
      }),
    );
    assert.deepEqual(
      answers,
      Array.from({ length: 32 }, () => [0, 1, 2]),
    );
  });
});
