import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { randomInt } from "node:crypto";
import { globSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { test, type TestContext } from "node:test";
import { compactOnce, project, run, script } from "./materialize-process.ts";
import { fileURLToPath } from "node:url";
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

test("a disk that fills in mid-pack ends the compaction in clear words, and leaves nothing of it (N1, N2)", async (t) => {
  const packing = fileURLToPath(new URL("./packing-project", import.meta.url));
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
  const environment = { ...process.env, MILLRACE_STATE: join(folder, "state"), MILLRACE_DATA: data };
  assert.equal((await run(environment, undefined, [script, packing])).result?.outcome.status, "success");
  const files = () => globSync("readings/**", { cwd: data }).length;
  const before = files();
  const filler = join(data, "filler");
  await writeFile(filler, Buffer.alloc(2 ** 20)).catch(() => undefined);

  const full = await compactOnce(packing, environment);
  assert.match(full.errors, /STORE_FULL|the disk is full/);
  assert.equal(full.signal, null);
  assert.equal(files(), before, "nothing of it is left");

  await rm(filler);
  const packed = await compactOnce(packing, environment);
  assert.equal(packed.result?.assets[0]?.versions, 24, packed.errors);
});
