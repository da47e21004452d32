import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";

/** A server in a process of its own; ends with what uses it. */
export class ServerProcess implements AsyncDisposable {
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #kill = (): boolean => this.#child.kill("SIGKILL");

  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.url = url;
    process.once("exit", this.#kill);
  }

  /** Starts a script that prints, as JSON, the `url` at which it listens. */
  static async start(
    script: string,
    args: readonly string[],
    options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
  ): Promise<ServerProcess> {
    const child = spawn(process.execPath, [script, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      env: { ...process.env, UV_THREADPOOL_SIZE: "16", ...options.env },
    });
    let output = "";
    let complaints = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (complaints += text));
    for await (const piece of child.stdout.setEncoding("utf8") as AsyncIterable<string>) {
      output += piece;
      const url = /"url":\s*"([^"]+)"/.exec(output)?.[1];
      if (url !== undefined) return new ServerProcess(child, url);
    }
    throw new Error(`${script} does not serve:\n${output}${complaints}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    process.off("exit", this.#kill);
    if (this.#child.exitCode !== null) return;
    this.#child.kill("SIGTERM");
    await once(this.#child, "exit");
  }
}
