import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { localProcesses } from "./process-table.ts";

const processes = localProcesses();
const { self } = processes;
const onLinux = process.platform === "linux";

test("this process is alive, and knows when it began", () => {
  assert.equal(self.pid, process.pid);
  assert.equal(processes.isAlive(self), true);
  if (onLinux) assert.match(self.processStart, /^\d+$/);
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
