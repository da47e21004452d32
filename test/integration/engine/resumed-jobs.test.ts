import assert from "node:assert/strict";
import { suite, test, type TestContext } from "node:test";
import { asset, job, op, partitions, secret, sql } from "millrace";
import * as z from "zod";
import { resumeRun } from "../../../src/control/runs/resume-run.ts";
import type { JobRequest } from "../../../src/control/jobs/run-job.ts";
import { openWorld, type World } from "./world.ts";

/** Its ops note what they do; the one called `hold` waits the first time until it is let go. */
class Held {
  readonly made: string[] = [];
  readonly #come = Promise.withResolvers<void>();
  readonly #open = Promise.withResolvers<void>();
  #times = 0;

  note(what: string): void {
    this.made.push(what);
  }

  async pass(): Promise<void> {
    this.#times += 1;
    if (this.#times > 1) return;
    this.#come.resolve();
    await this.#open.promise;
  }

  get come(): Promise<void> {
    return this.#come.promise;
  }

  open(): void {
    this.#open.resolve();
  }
}

const months = partitions.monthly({ start: "2001-01", end: "2001-12" });
const numbers = asset("numbers", {
  columns: z.object({ n: z.int() }),
  partitions: months,
  sql: sql`select 1 as n`,
});

function projectOf(held: Held): object {
  const list = op("list", {
    input: z.object({ count: z.int() }),
    output: z.array(z.int()),
    run({ input }) {
      held.note(`list ${input.count}`);
      return Array.from({ length: input.count }, (_, index) => index);
    },
  });
  const item = op("item", {
    input: z.object({ n: z.int() }),
    output: z.int(),
    config: z.object({ times: z.int().default(1) }),
    run({ input }, { config }) {
      held.note(`item ${input.n}`);
      return input.n * config.times;
    },
  });
  const hold = op("hold", {
    input: z.object({ parts: z.array(z.int()), month: z.string() }),
    output: z.object({ sum: z.int(), month: z.string() }),
    async run({ input }, { run }) {
      held.note(`hold ${input.parts.join("+")} ${input.month} on ${run.snapshot}`);
      await held.pass();
      return { sum: input.parts.reduce((a, b) => a + b, 0), month: input.month };
    },
  });
  const ingest = job("ingest", {
    config: z.object({ count: z.int(), token: secret().optional() }),
    partitions: months,
    graph({ config, partition, map, materialize }) {
      const parts = map(list({ count: config.count }), (n) => item({ n }));
      const done = hold({ parts, month: partition.key });
      materialize(numbers, { after: done });
      return done;
    },
  });
  return { numbers, ingest };
}

/** Lets a run begin, stop in the middle as if its process had died, and be gone on with by another. */
async function interrupted(
  t: TestContext,
  request: Omit<JobRequest, "job">,
  before: (world: World, held: Held) => Promise<unknown> = () => Promise.resolve(),
) {
  const held = new Held();
  const world = await openWorld(t, projectOf(held));
  const { context } = world.world.open;
  await before(world, held);
  held.made.splice(0);
  const running = world.runJob({ job: "ingest", ...request });
  await held.come;
  const [run] = await context.state.runs.list(context.scope, { limit: 1 });
  assert.ok(run);
  // The process that began it is thought dead; it only hangs.
  const processes = { ...context.processes, isAlive: () => false };
  return {
    held,
    world,
    run,
    goOn: () => resumeRun(run.id, { ...context, processes }),
    end: async () => {
      held.open();
      await assert.rejects(running, { code: "RUN_LOST" });
    },
  };
}

const config = { config: { count: 3 }, ops: { item: { times: 10 } } };
const partition = "2001-03";

suite("an interrupted run of a job, gone on with as if nothing had happened", () => {
  test("has the same graph, config, partition and snapshot, and does nothing twice (N9, N14)", async (t) => {
    const { held, world, run, goOn, end } = await interrupted(t, { config, partition });
    const outcome = await goOn();
    assert.deepEqual([outcome.runId, outcome.status], [run.id, "success"]);
    assert.deepEqual(outcome.output, { sum: 30, month: "2001-03" });
    const hold = "hold 0+10+20 2001-03 on 0";
    assert.deepEqual(held.made, ["list 3", "item 0", "item 1", "item 2", hold, hold]);
    assert.equal((await world.pieces("numbers")).length, 1, "what the job makes too, after its op");
    await end();
  });

  test("is the same part of it, given by the same run, whatever ran since", async (t) => {
    const given = { config: { config: { count: 2 } }, partition };
    const { held, goOn, end, world } = await interrupted(
      t,
      { ...given, only: ["hold"] },
      async (begun, { made }) => {
        await begun.runJob({ job: "ingest", ...given, only: ["list", "item"] });
        assert.deepEqual(made, ["list 2", "item 0", "item 1"]);
      },
    );
    await world.runJob({ job: "ingest", partition, config, only: ["list", "item"] });
    held.made.splice(0);
    assert.equal((await goOn()).status, "success");
    assert.deepEqual(held.made, ["hold 0+1 2001-03 on 0"]);
    assert.deepEqual(await world.pieces("numbers"), []);
    await end();
  });

  test("is refused where a secret of its config was written out, which is not kept", async (t) => {
    const written = { config: { count: 1, token: "s3cret-word" } };
    const { goOn, run, end, world } = await interrupted(t, { config: written, partition });
    await assert.rejects(goOn(), {
      code: "CONFIG_INVALID",
      message: /config: a secret that was written out is not kept/,
    });
    const { state, scope } = world.world.open.context;
    assert.equal((await state.runs.get(scope, run.id))?.token, run.token, "nobody has taken it over");
    assert.doesNotMatch(JSON.stringify(await state.runs.get(scope, run.id)), /s3cret-word/);
    await end().catch(() => undefined);
  });
});
