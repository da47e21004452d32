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

/** What the main thread hears when it asks state itself. */
const refusing = {
  renew: () => Promise.reject(new Error("nothing is there")),
};

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
  const threaded = watchFromThread({ kind: "sqlite", path }, refusing, watch);
  const reason = await new Promise<Error>((resolve) => {
    threaded.over(run({ onLost: resolve }));
  });
  assert.match(reason.message, /taken over/);
  assert.match(String(reason.cause), /nothing is there/);
  assert.deepEqual(watched, []);
  await threaded.close();
});

/** A thread that says of each run, whenever it begins, that it is lost: `says` how, one after the other; then nothing. */
const losing = (...says: readonly { taken: boolean }[]): URL =>
  new URL(
    `data:text/javascript,import { parentPort } from "node:worker_threads";
    const says = ${JSON.stringify(says)};
    parentPort.on("message", ({ tell, run }) => {
      const said = tell === "begun" ? says.shift() : undefined;
      if (said !== undefined) parentPort.postMessage({ tell: "lost", run, reason: "locked", ...said });
    });`,
  );

test("a run that the thread could not renew for a lease is not lost while the main thread can (N35)", async () => {
  const { watch } = standIn();
  const renewed: string[] = [];
  const runs = {
    renew: async ({ runId }: { runId: string }) => {
      renewed.push(runId);
    },
  };
  const address = { kind: "sqlite", path: ":memory:" } as const;
  const thread = losing({ taken: false }, { taken: false }, { taken: true });
  const threaded = watchFromThread(address, runs, watch, thread);
  const reason = await new Promise<Error>((resolve) => {
    threaded.over(run({ onLost: resolve }));
  });
  // Begun again each time, until somebody else has it.
  assert.deepEqual(renewed, ["r", "r"]);
  assert.equal(String(reason.cause), "Error: locked");
  await threaded.close();
});

test("when the thread ends by itself, the main thread watches in its stead (N35)", async () => {
  const { watch, watched, ended } = standIn();
  const broken = new URL("data:text/javascript,throw new Error('no memory')");
  const threaded = watchFromThread({ kind: "sqlite", path: ":memory:" }, refusing, watch, broken);
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
    const watch = watchFromThread({ kind: "sqlite", path: ":memory:" }, undefined, undefined);
    watch.over({ scope: {}, lease: { runId: "r", token: 1, snapshot: 0 }, leaseMs: 600_000, onLost() {} });
    process.exitCode = 7;`;
  const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", script], {
    timeout: 20_000,
    encoding: "utf8",
  });
  assert.equal(status, 7, stderr);
});
