import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const example = fileURLToPath(new URL("..", import.meta.url));
const millrace = dirname(fileURLToPath(import.meta.resolve("millrace/package.json")));

/** A `millrace` at work. */
export interface RunningCommand {
  isAtWork(): boolean;
  /** Stops it as a power cut would. Resolves when it is gone. */
  kill(): Promise<void>;
  readonly ended: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
}

/** A copy of the example in a folder of its own, used by the command line. */
export class OpsProject implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), "millrace-ops-"));
  readonly #env: NodeJS.ProcessEnv;

  /** @param env Besides the process's own: MILLRACE_STATE for instance */
  constructor(env: NodeJS.ProcessEnv = {}) {
    this.#env = env;
    for (const name of readdirSync(example)) {
      if (/\.ts$|^package\.json$/.test(name)) cpSync(join(example, name), join(this.folder, name));
    }
    mkdirSync(join(this.folder, "node_modules"));
    for (const name of ["millrace", "vega-datasets", "zod"]) {
      const installed = realpathSync(join(millrace, "node_modules", name));
      symlinkSync(installed, join(this.folder, "node_modules", name), "junction");
    }
  }

  /** Starts `millrace` with these arguments. */
  start(...args: readonly string[]): RunningCommand {
    const child = spawn(process.execPath, [join(millrace, "bin", "millrace.js"), ...args], {
      cwd: this.folder,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...this.#env },
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    const ended = once(child, "close").then(() => ({ code: child.exitCode, stdout, stderr }));
    return {
      ended,
      isAtWork: () => child.exitCode === null && child.signalCode === null,
      async kill() {
        child.kill("SIGKILL");
        await ended;
      },
    };
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
