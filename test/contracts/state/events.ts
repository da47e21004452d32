import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { DatabaseUnderTest } from "./database-under-test.ts";
import { days, staged, TestProject } from "./test-project.ts";

export function eventsContract(database: DatabaseUnderTest): void {
  suite(`events in ${database.name}`, () => {
    test("the log tells a run's story in order, with what matters of each step of it (N33)", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const step = project.step("orders");
      const run = await project.run([step]);
      await run.apply(
        { change: "step.started", step: "orders" },
        {
          change: "version.staged",
          step: "orders",
          asset: "orders",
          version: staged({ id: "v1", dataVersion: "d1", rowCount: 3, bytes: 9 }),
        },
        { change: "log", step: "orders", level: "info", message: "hello", fields: { n: 1 } },
        { change: "step.succeeded", step: "orders", versionIds: ["v1"] },
      );
      await run.publish({ versionIds: ["v1"] });
      await run.end();
      const events = await project.state.events.read(project.scope, {});
      assert.deepEqual(
        events.map(({ type, asset, step: key }) =>
          [type, asset, key].filter((part) => part !== undefined).join(" "),
        ),
        [
          "run.created",
          "run.started",
          "step.started orders orders",
          "version.staged orders orders",
          "log orders orders",
          "step.succeeded orders orders",
          "published",
          "run.succeeded",
        ],
      );
      assert.ok(events.every((event) => event.runId === run.id && Math.abs(event.at - Date.now()) < 60_000));
      const data = new Map(events.map((event) => [event.type, event.data]));
      assert.deepEqual(data.get("step.started"), { attempt: 1, from: 0, to: 1 });
      assert.deepEqual(data.get("version.staged"), { versionId: "v1", dataVersion: "d1", rows: 3, bytes: 9 });
      assert.deepEqual(data.get("log"), { level: "info", message: "hello", fields: { n: 1 } });
      assert.deepEqual(data.get("published"), { snapshot: 1, versions: 1, assets: ["orders"] });
    });

    test("events are read on from a position, of one run or all, some at a time", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const one = await project.run([project.step("orders")]);
      const two = await project.run([project.step("days", days(1))]);
      await one.make(project.step("orders"));
      const all = await project.state.events.read(project.scope, {});
      assert.equal(all.length, 7);
      const { read } = { read: project.state.events.read.bind(project.state.events) };
      const third = all[2]?.position ?? 0;
      assert.deepEqual(await read(project.scope, { after: third, limit: 2 }), all.slice(3, 5));
      assert.deepEqual(
        (await read(project.scope, { runId: two.id })).map((event) => event.type),
        ["run.created", "run.started"],
      );
      assert.deepEqual(await read(project.scope, { after: all.at(-1)?.position ?? 0 }), []);
    });

    test("events of one asset and of some types are found, and the head is the last position given", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const { events } = project.state;
      const before = await events.head(project.scope);
      const [one, two] = [project.step("orders"), project.step("days", days(1))];
      const run = await project.run([one, two]);
      await run.make(one);
      await run.make(two);
      const about = await events.read(project.scope, { asset: "orders" });
      assert.ok(about.length > 0);
      assert.deepEqual([...new Set(about.map(({ asset }) => asset))], ["orders"]);
      const types = ["step.started", "version.staged"] as const;
      const found = await events.read(project.scope, { asset: "orders", types, runId: run.id });
      assert.deepEqual(
        found.map(({ type }) => type),
        ["step.started", "version.staged"],
      );
      const all = await events.read(project.scope, {});
      assert.equal(await events.head(project.scope), all.at(-1)?.position);
      assert.equal(all.length, (await events.head(project.scope)) - before);
    });

    test("who has read up to a position never finds a new event at or before it (N34)", async (t) => {
      const made = await database.make(t);
      const project = await TestProject.open(await made.open());
      const reader = await made.open();
      const writers = await Promise.all(
        Array.from({ length: 3 }, async () => project.through(await made.open())),
      );
      const writing = new AbortController();
      const writes = Promise.all(
        writers.map(async (writer, index) => {
          const step = writer.step("days", days(index));
          const run = await writer.run([step]);
          for (let round = 0; round < 40; round += 1) {
            const log = { change: "log", step: step.key, level: "info", message: String(round) } as const;
            await run.apply(...Array.from({ length: 1 + (round % 4) }, () => log));
          }
        }),
      ).finally(() => {
        writing.abort();
      });
      const seen: number[] = [];
      const readOn = async (): Promise<void> => {
        const events = await reader.events.read(project.scope, { after: seen.at(-1) ?? 0 });
        seen.push(...events.map(({ position }) => position));
      };
      while (!writing.signal.aborted) {
        await readOn();
        await new Promise((resolve) => setImmediate(resolve));
      }
      await writes;
      await readOn();
      const all = await reader.events.read(project.scope, { limit: 10_000 });
      assert.deepEqual(
        seen,
        all.map(({ position }) => position),
      );
      assert.equal(all.length, 3 * (2 + 100));
    });
  });
}
