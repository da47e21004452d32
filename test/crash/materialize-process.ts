import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Collection } from "../../src/control/collect-garbage.ts";
import type { RunOutcome } from "../../src/core/run/run-progress.ts";

export const project: string = fileURLToPath(new URL("./project", import.meta.url));
const script = fileURLToPath(new URL("./materialize-once.ts", import.meta.url));

const collectScript = fileURLToPath(new URL("./collect-once.ts", import.meta.url));

export interface Ended<Result = { outcome: RunOutcome; continued?: number }> {
  readonly signal: NodeJS.Signals | null;
  readonly result: Result | undefined;
  readonly errors: string;
}

/** Materializes the whole project in a process of its own, which dies at the given crash point. */
export function run(environment: NodeJS.ProcessEnv, crashAt?: string): Promise<Ended> {
  return inProcess(script, environment, crashAt);
}

/** Collects what the project no longer needs, likewise. */
export function collect(environment: NodeJS.ProcessEnv, crashAt?: string): Promise<Ended<Collection>> {
  return inProcess(collectScript, environment, crashAt);
}

function inProcess<Result>(
  file: string,
  environment: NodeJS.ProcessEnv,
  crashAt: string | undefined,
): Promise<Ended<Result>> {
  const child = spawn(process.execPath, [file, project], {
    env: { ...environment, ...(crashAt === undefined ? {} : { MILLRACE_CRASH_AT: crashAt }) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let errors = "";
  child.stdout.on("data", (chunk) => (output += String(chunk)));
  child.stderr.on("data", (chunk) => (errors += String(chunk)));
  return new Promise((resolve) => {
    child.on("close", (_, signal) => {
      resolve({ signal, result: output === "" ? undefined : JSON.parse(output), errors });
    });
  });
}
