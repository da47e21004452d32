import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { randomInt } from "node:crypto";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { test, type TestContext } from "node:test";
import { project, run } from "./materialize-process.ts";
import { readPublished } from "./read-published.ts";

/** A file system of one megabyte; undefined where one may not be mounted. */
function smallDisk(t: TestContext, folder: string): boolean {
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], { stdio: "ignore" });
  } catch {
    return false;
  }
  t.after(() => execFileSync("umount", ["-l", folder]));
  return true;
}

test("a disk that fills in mid-write fails the step in clear words, and leaves nothing of it (N2)", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "millrace-full-"));
  const data = join(folder, "data");
  await mkdir(data);
  const mounted = smallDisk(t, data);
  t.after(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, "state"));
  if (!mounted) {
    t.skip("a small file system can be mounted by root alone");
    return;
  }
  const environment = {
    ...process.env,
    MILLRACE_STATE: join(folder, "state"),
    MILLRACE_DATA: data,
    ORDERS_FILE: join(folder, "orders.csv"),
  };
  await writeFile(environment.ORDERS_FILE, "id,amount\n1,5\n");
  assert.equal((await run(environment)).result?.outcome.status, "success");
  const before = await readPublished(project, environment);

  const many = Array.from({ length: 300_000 }, (_, id) => `${id},${randomInt(2 ** 40)}`);
  await writeFile(environment.ORDERS_FILE, `id,amount\n${many.join("\n")}\n`);
  const full = await run(environment);
  assert.equal(full.signal, null, full.errors);
  const [failed] = full.result?.outcome.failed ?? [];
  assert.equal(failed?.code, "STORE_FULL", JSON.stringify(failed));
  assert.match(failed.reason, /^orders: the disk is full: .*space/i);
  assert.deepEqual(await readPublished(project, environment), before);
  await sleep(50);
  assert.equal((await readdir(join(data, "orders"))).length, 1, "nothing of it is left");

  await writeFile(environment.ORDERS_FILE, "id,amount\n1,5\n2,7\n");
  assert.equal((await run(environment)).result?.outcome.status, "success");
});
