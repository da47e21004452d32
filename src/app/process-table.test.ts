import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import type { RunOwner } from "../core/run/run.ts";
import { processStat } from "./process-stat.ts";
import { localProcesses } from "./process-table.ts";

const processes = localProcesses();
const { self } = processes;
const onLinux = process.platform === "linux";

test("this process is alive, and knows when it began", () => {
  assert.equal(self.pid, process.pid);
  assert.equal(processes.isAlive(self), true);
  if (onLinux) assert.match(self.processStart, /^[0-9a-f]{8}:\d+$/);
});

test("a process that has ended is not alive (N35)", async () => {
  const child = spawn(process.execPath, ["--eval", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
  await once(child, "spawn");
  const owner = { ...self, pid: child.pid ?? assert.fail(), processStart: "" };
  assert.equal(processes.isAlive(owner), true);
  child.kill("SIGKILL");
  await once(child, "exit");
  assert.equal(processes.isAlive(owner), false);
});

test("another process that was given the same number is not the one meant (N35)", { skip: !onLinux }, () => {
  assert.equal(processes.isAlive({ ...self, processStart: "1" }), false);
});

test("of another machine nothing is known (N35)", () => {
  assert.equal(processes.isAlive({ ...self, host: `not-${self.host}` }), undefined);
});

test("a process of another user is alive", { skip: process.getuid?.() === 0 }, () => {
  assert.equal(processes.isAlive({ ...self, pid: 1, processStart: "" }), true);
});

/** A process that starts another one, and says so. */
async function family(): Promise<{ parent: ChildProcess; child: number }> {
  const script = `
    const { spawn } = require("node:child_process");
    const child = spawn(process.execPath, ["--eval", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
    child.once("spawn", () => console.log(child.pid));`;
  const parent = spawn(process.execPath, ["--eval", script], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(parent.stdout, "data")) as [Buffer];
  return { parent, child: Number(String(line)) };
}

const ownerOf = (pid: number | undefined): RunOwner => {
  const stat = processStat(pid ?? 0) ?? assert.fail(`there is no process ${pid}`);
  return { ...self, pid: stat.pid, processStart: stat.start };
};

for (const stopped of [false, true]) {
  test(
    `a process that is ${stopped ? "stopped" : "at work"} is killed with what it has started (N35)`,
    { skip: !onLinux },
    async () => {
      const { parent, child } = await family();
      const [owner, below] = [ownerOf(parent.pid), ownerOf(child)];
      if (stopped) parent.kill("SIGSTOP");
      const ended = once(parent, "exit");
      assert.equal(await processes.kill(owner), true);
      assert.deepEqual(
        [owner, below].map((one) => processes.isAlive(one)),
        [false, false],
      );
      assert.deepEqual(await ended, [null, "SIGKILL"]);
    },
  );
}

test("another process with the same number is left alone, as is one of another machine (N35)", async () => {
  const { parent, child } = await family();
  const owner = onLinux ? ownerOf(parent.pid) : { ...self, pid: parent.pid ?? 0 };
  for (const other of [
    { ...owner, processStart: "12345678:1" },
    { ...owner, processStart: "" },
    { ...owner, host: `not-${self.host}` },
  ])
    assert.equal(await processes.kill(other), false);
  assert.equal(processes.isAlive({ ...owner, processStart: "" }), true);
  parent.kill("SIGKILL");
  process.kill(child, "SIGKILL");
  await once(parent, "exit");
});

test("a process kills neither itself nor those it descends from (N35)", { skip: !onLinux }, async () => {
  assert.equal(await processes.kill(self), false);
  assert.equal(await processes.kill(ownerOf(process.ppid)), false);
});
