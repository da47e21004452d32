import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import type { RunWatch, WatchedRun } from "../../ports/run-watch.ts";
import { watchFromThread } from "./watch-from-thread.ts";

const run = (over: Partial<WatchedRun> = {}): WatchedRun => ({
  scope: { projectId: 1, environmentId: 1, environment: "main" },
  lease: { runId: "r", token: 1, snapshot: 0 },
  leaseMs: 600,
  onLost: () => undefined,
  ...over,
});

/** Notes for which runs it was asked to stand in. */
function standIn() {
  const watched: WatchedRun[] = [];
  let ended = 0;
  const watch: RunWatch = {
    over(one) {
      watched.push(one);
      return {
        limit: () => () => undefined,
        end: async () => {
          ended += 1;
        },
      };
    },
  };
  return { watch, watched, ended: () => ended };
}

test("a state that cannot be opened from the thread loses the run once the lease is over (N35)", async () => {
  const { watch, watched } = standIn();
  const path = "/no/such/folder/state.db";
  const threaded = watchFromThread({ kind: "sqlite", path }, watch);
  const reason = await new Promise<Error>((resolve) => {
    threaded.over(run({ onLost: resolve }));
  });
  assert.match(reason.message, /taken over/);
  assert.match(String(reason.cause), /cannot be used|unable to open/);
  assert.deepEqual(watched, []);
  await threaded.close();
});

test("when the thread ends by itself, the main thread watches in its stead (N35)", async () => {
  const { watch, watched, ended } = standIn();
  const broken = new URL("data:text/javascript,throw new Error('no memory')");
  const threaded = watchFromThread({ kind: "sqlite", path: ":memory:" }, watch, broken);
  const first = threaded.over(run());
  assert.deepEqual(watched, []);
  for (const until = Date.now() + 20_000; watched.length === 0 && Date.now() < until;)
    await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(watched.length, 1);
  const second = threaded.over(run());
  assert.equal(watched.length, 2);
  await first.end();
  await second.end();
  assert.equal(ended(), 2);
  await threaded.close();
});

test("the thread keeps no process alive", () => {
  const module = new URL("./watch-from-thread.ts", import.meta.url).href;
  const script = `
    const { watchFromThread } = await import(${JSON.stringify(module)});
    const watch = watchFromThread({ kind: "sqlite", path: ":memory:" }, undefined);
    watch.over({ scope: {}, lease: { runId: "r", token: 1, snapshot: 0 }, leaseMs: 600_000, onLost() {} });
    process.exitCode = 7;`;
  const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", script], {
    timeout: 20_000,
    encoding: "utf8",
  });
  assert.equal(status, 7, stderr);
});
