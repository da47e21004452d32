import { spawn } from "node:child_process";
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { asset, assetCheck, defineProject } from "millrace";
import * as z from "zod";

/** Proof on disk of how often a step's code ran. */
function count(step: string): void {
  appendFileSync(process.env["STEP_LOG"] ?? "/dev/null", `${step}\n`);
}

export const first = asset("first", {
  value: z.int(),
  run: () => {
    count("first");
    return 1;
  },
});

const limit = process.env["LIMIT"];

/** Never lets go of the main thread for `BUSY_MS`; or starts a child and stops its process, in a transaction or not. */
export const busy = asset("busy", {
  value: z.int(),
  deps: { first },
  ...(limit === undefined ? {} : { timeout: limit }),
  run: () => {
    count("busy");
    if (process.env["STOP"] !== undefined) stop(process.env["STOP"]);
    if (process.env["WITH_CHILD"] !== undefined) startChild();
    const locked = process.env["LOCKED"] === undefined ? undefined : lock();
    const until = Date.now() + Number(process.env["BUSY_MS"] ?? 0);
    while (Date.now() < until);
    locked?.close();
    return 2;
  },
});

function startChild(): void {
  const child = spawn(process.execPath, ["--eval", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
  appendFileSync(process.env["CHILD_LOG"] ?? "/dev/null", String(child.pid));
}

function stop(where: string): void {
  startChild();
  if (where === "in a transaction") lock();
  process.kill(process.pid, "SIGSTOP");
}

/** Keeps everybody from writing state, until it is closed. */
function lock(): DatabaseSync {
  const state = new DatabaseSync(join(process.env["MILLRACE_STATE"] ?? "", "state.db"));
  state.exec("begin immediate; update run set lease_expires_at = lease_expires_at");
  return state;
}

export const checked = asset("checked", { value: z.int(), run: () => 4 });

/** Never lets go of the main thread for `BUSY_MS`. */
export const isSmall = assetCheck("is small", {
  asset: checked,
  timeout: "200ms",
  run: () => {
    count("is small");
    const until = Date.now() + Number(process.env["BUSY_MS"] ?? 0);
    while (Date.now() < until);
    return { passed: true };
  },
});

/** Another selection. */
export const other = asset("other", {
  value: z.int(),
  run: () => {
    count("other");
    return 3;
  },
});

export default defineProject({ name: "lease", definitions: [first, busy, checked, isSmall, other] });
