import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Collection } from "../../src/control/retention/collect-garbage.ts";
import type { Compaction } from "../../src/control/compaction/compact.ts";
import type { RunOutcome } from "../../src/core/run/run-progress.ts";

export const project: string = fileURLToPath(new URL("./project", import.meta.url));
export const script: string = fileURLToPath(new URL("./materialize-once.ts", import.meta.url));

const compactScript = fileURLToPath(new URL("./compact-once.ts", import.meta.url));
const collectScript = fileURLToPath(new URL("./collect-once.ts", import.meta.url));

export interface Materialization {
  readonly outcome: RunOutcome;
  readonly continued?: number;
  /** Snapshots that the run has made. */
  readonly published: readonly number[];
  readonly again: readonly { readonly key: string; readonly reason: string }[];
}

export interface Ended<Result = Materialization> {
  readonly signal: NodeJS.Signals | null;
  readonly result: Result | undefined;
  readonly errors: string;
}

/** Materializes a whole project in a process of its own, which dies at the given crash point. */
export function run(
  environment: NodeJS.ProcessEnv,
  crashAt?: string,
  command: readonly string[] = [script, project],
): Promise<Ended> {
  return inProcess(command, environment, crashAt);
}

/** Collects what the project no longer needs, likewise. */
export function collect(
  environment: NodeJS.ProcessEnv,
  crashAt?: string,
  of = project,
): Promise<Ended<Collection>> {
  return inProcess([collectScript, of], environment, crashAt);
}

/** Packs what is small, likewise. */
export function compactOnce(
  of: string,
  environment: NodeJS.ProcessEnv,
  crashAt?: string,
): Promise<Ended<Compaction>> {
  return inProcess([compactScript, of], environment, crashAt);
}

function inProcess<Result>(
  command: readonly string[],
  environment: NodeJS.ProcessEnv,
  crashAt: string | undefined,
): Promise<Ended<Result>> {
  const child = spawn(process.execPath, command, {
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
