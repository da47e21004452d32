import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test, type TestContext } from "node:test";
import { asset, externalAsset, source, sql } from "millrace";
import * as z from "zod";
import { openWorld } from "./world.ts";

async function folder(t: TestContext): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), "millrace-external-"));
  t.after(() => rm(made, { recursive: true }));
  return made;
}

const Row = z.object({ n: z.int() });

describe("an external asset", () => {
  test("that moves while it is read has the attempt made again, without a retry policy (N25)", async (t) => {
    const directory = await folder(t);
    const file = join(directory, "x.csv");
    await writeFile(file, "n\n1\n");
    const raw = externalAsset("raw", { columns: Row, source: source.csv("x.csv") });
    let attempts = 0;
    const copy = asset("copy", {
      columns: Row,
      deps: { raw },
      run: async ({ raw }) => {
        attempts += 1;
        const rows = await raw.rows();
        if (attempts === 1) await writeFile(file, "n\n1\n2\n");
        return rows;
      },
    });
    const { materialize, rows, pieces } = await openWorld(t, { raw, copy }, directory);
    const { outcome } = await materialize({});
    assert.equal(outcome?.status, "success");
    assert.equal(attempts, 2);
    assert.deepEqual(await rows("copy"), [{ n: 1 }, { n: 2 }]);
    assert.equal((await pieces("copy")).length, 1);
  });

  test("that never rests fails the step with a name, and nothing of it is published (N25)", async (t) => {
    const directory = await folder(t);
    const file = join(directory, "x.csv");
    await writeFile(file, "n\n1\n");
    const raw = externalAsset("raw", { columns: Row, source: source.csv("x.csv") });
    let attempts = 0;
    const copy = asset("copy", {
      columns: Row,
      deps: { raw },
      run: async () => {
        attempts += 1;
        await writeFile(file, `n\n${"1\n".repeat(attempts + 1)}`);
        return sql`select 1 as n`;
      },
    });
    const { materialize, pieces } = await openWorld(t, { raw, copy }, directory);
    const { outcome } = await materialize({});
    assert.equal(outcome?.failed[0]?.code, "EXTERNAL_MOVED");
    assert.equal(attempts, 5);
    assert.deepEqual(await pieces("copy"), []);
  });

  test("whose source is no file cannot be read by SQL or by its handle, in so many words (N25)", async (t) => {
    const ledger = externalAsset("ledger", {
      columns: Row,
      source: source.observed(() => ({ dataVersion: "1" })),
    });
    const total = asset("total", { columns: Row, sql: sql`select n from ${ledger}` });
    const { materialize } = await openWorld(t, { ledger, total });
    const { outcome } = await materialize({});
    assert.equal(outcome?.failed[0]?.code, "EXTERNAL_NOT_READABLE");
  });
});
