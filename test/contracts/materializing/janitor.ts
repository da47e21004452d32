import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { suite, test } from "node:test";
import { asset } from "millrace";
import * as z from "zod";
import { collectGarbage } from "../../../src/control/retention/collect-garbage.ts";
import type { DatabaseUnderTest } from "../state/database-under-test.ts";
import { openProcesses } from "../whole-asset-checks/processes.ts";

const graceMs = 300;

export function janitor(database: DatabaseUnderTest): void {
  suite(`collecting what was left behind, with state in ${database.name}`, () => {
    test("removes unknown paths older than the grace, and an intent's only once its token is dead (N2)", async (t) => {
      const begun = Promise.withResolvers<void>();
      const go = Promise.withResolvers<void>();
      const columns = z.object({ n: z.int() });
      const orders = asset("orders", { columns, codeVersion: "1", run: () => [{ n: 1 }] });
      const held = asset("held", {
        columns,
        codeVersion: "1",
        run: async () => {
          begun.resolve();
          await go.promise;
          return [{ n: 2 }];
        },
      });
      const [process] = await openProcesses(t, database, { orders, held });
      assert.ok(process);
      const { context, data } = process.open;
      await process.materialize({ selection: "orders" });
      const running = process.materialize({ selection: "held" });
      await begun.promise;

      const file = async (path: string): Promise<string> => {
        const full = join(data, path);
        await mkdir(dirname(full), { recursive: true });
        await writeFile(full, "half a file");
        return full;
      };
      const [intent] = await process.execute("select id from version where state = 'intended'");
      const [published] = await process.execute("select id from version where state = 'published'");
      const stray = await file("orders/00000000-0000-4000-8000-000000000001/0.parquet");
      const gone = await file("an/asset/of/once/00000000-0000-4000-8000-000000000002/0.parquet");
      const intended = await file(`held/${String(intent?.["id"])}/0.parquet.segment-0`);
      const others = [await file("orders/notes/readme.txt"), await file("readme.txt")];
      const current = join(data, `orders/${String(published?.["id"])}/0.parquet`);
      const there = (...paths: readonly string[]): boolean[] => paths.map((path) => existsSync(path));
      assert.deepEqual(there(current), [true]);

      const project = { ...context.project, graceMs };
      await collectGarbage({ ...context, project: { ...project, graceMs: 60_000 } });
      assert.deepEqual(there(stray, gone), [true, true], "younger than the grace");
      await sleep(graceMs + 50);
      const fresh = await file("orders/00000000-0000-4000-8000-000000000003/0.parquet");
      const soon = new Date(Date.now() + 60_000);
      await utimes(fresh, soon, soon);
      const { strays } = await collectGarbage({ ...context, project });
      assert.deepEqual(there(stray, gone, fresh), [false, false, true]);
      assert.equal(strays.files, 2);
      assert.deepEqual(there(intended, current, ...others), [true, true, true, true]);

      await utimes(fresh, new Date(), new Date());
      // Its process is thought dead: the run ends, and with it the token of what it had intended.
      const processes = { ...context.processes, isAlive: () => false };
      await collectGarbage({ ...context, project, processes });
      await sleep(graceMs + 50);
      await collectGarbage({ ...context, project, processes });
      assert.deepEqual(there(intended, fresh), [false, false]);
      assert.deepEqual(there(current, ...others), [true, true, true]);
      go.resolve();
      await assert.rejects(running, { code: "RUN_LOST" });
    });
  });
}
