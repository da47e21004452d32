import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { mkdtemp, open, rm, type FileHandle } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { suite, test, type TestContext } from "node:test";
import * as z from "zod";
import { wholeRange } from "../../../src/core/partition/range.ts";
import { openDirectoryStore } from "../../../src/tables/directory-store.ts";
import { columns, sql, TableWorld } from "./table-world.ts";

/** Whether a path has been synced since: no test can pull the plug, but it can look at what was asked of the disk. */
async function watchSyncs(t: TestContext, folder: string): Promise<(path: string) => boolean> {
  const handle = await open(folder, "r");
  const prototype = Object.getPrototypeOf(handle) as FileHandle;
  await handle.close();
  const synced = new Set<number>();
  // oxlint-disable-next-line typescript/unbound-method -- it is called on each handle below
  const { sync } = prototype;
  t.mock.method(prototype, "sync", async function (this: FileHandle) {
    await sync.call(this);
    synced.add((await this.stat()).ino);
  });
  return (path) => synced.has(statSync(path).ino);
}

suite("what a version is made of survives a loss of power before it is staged (N2)", () => {
  test("a file is synced, and so is every folder that names it (N2)", async (t) => {
    const root = await mkdtemp(join(tmpdir(), "millrace-durable-"));
    t.after(() => rm(root, { recursive: true }));
    const wasSynced = await watchSyncs(t, root);
    const store = openDirectoryStore({ root });
    const { path } = await store.place("sales/model", "v1", wholeRange, "bin");
    for (const folder of [root, join(root, "sales"), join(root, "sales/model")]) {
      assert.ok(wasSynced(folder), `${folder} has a new name in it`);
    }
    assert.ok(!wasSynced(dirname(path)), "nothing lies there yet");
    await store.write(path, new Uint8Array([1, 2, 3]));
    assert.ok(wasSynced(path));
    assert.ok(wasSynced(dirname(path)));
  });

  test("a table's file is synced, and so is its folder, when it was written from SQL or from rows (N2)", async (t) => {
    await using world = await TableWorld.open();
    const wasSynced = await watchSyncs(t, tmpdir());
    const declared = columns(z.object({ n: z.int() }));
    const tables = [
      await world.write(declared, [{ n: 1 }]),
      await world.writeSql(declared, sql`select 1 as n`),
    ];
    for (const { source } of tables) {
      const [part] = source.parts;
      assert.ok(part?.part === "files");
      const [file = ""] = part.files;
      assert.ok(wasSynced(file));
      assert.ok(wasSynced(dirname(file)));
    }
  });
});
