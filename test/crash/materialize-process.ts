import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { RunOutcome } from "../../src/core/run/run-progress.ts";

export const project: string = fileURLToPath(new URL("./project", import.meta.url));
const script = fileURLToPath(new URL("./materialize-once.ts", import.meta.url));

export interface Ended {
  readonly signal: NodeJS.Signals | null;
  readonly result: { outcome: RunOutcome; continued?: number } | undefined;
  readonly errors: string;
}

/** Materializes the whole project in a process of its own, which dies at the given crash point. */
export function run(environment: NodeJS.ProcessEnv, crashAt?: string): Promise<Ended> {
  const child = spawn(process.execPath, [script, project], {
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
