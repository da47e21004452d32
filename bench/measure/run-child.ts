import { spawn } from "node:child_process";
import { once } from "node:events";

export interface ChildOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** A process that has ended. */
export interface EndedChild<Result> {
  /** What it gave by `giveResult`. */
  readonly result: Result;
  /** Its standard output. */
  readonly output: string;
  /** From its start to its end. */
  readonly milliseconds: number;
  /** The most memory that it held at once. */
  readonly peakBytes: number;
}

const usage = new URL("./give-usage.ts", import.meta.url).href;

/**
 * Runs a script in a Node of its own to its end. What it gives comes through a pipe of its own, so that it may print
 * what it likes. This process stays small: a child's peak memory begins with that of the process which started it.
 *
 * @throws when it fails, with what it printed
 */
export async function runChild<Result = unknown>(
  script: string,
  args: readonly string[],
  { cwd, env }: ChildOptions = {},
): Promise<EndedChild<Result>> {
  const started = performance.now();
  const child = spawn(process.execPath, ["--import", usage, script, ...args], {
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    env: { ...process.env, UV_THREADPOOL_SIZE: "16", ...env },
    ...(cwd === undefined ? {} : { cwd }),
  });
  let output = "";
  let complaints = "";
  let given = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (output += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (complaints += text));
  const pipe = child.stdio[3] as NodeJS.ReadableStream;
  pipe.setEncoding("utf8");
  pipe.on("data", (text: string) => (given += text));
  const [code] = (await once(child, "close")) as [number | null];
  const milliseconds = performance.now() - started;
  if (code !== 0)
    throw new Error(`${script} ${args.join(" ")} ended with ${String(code)}:\n${output}${complaints}`);
  const lines = given.trim().split("\n");
  const peak = JSON.parse(lines.pop() ?? "") as { peakBytes: number };
  const [result] = lines;
  return {
    result: (result === undefined ? undefined : JSON.parse(result)) as Result,
    output,
    milliseconds,
    ...peak,
  };
}
