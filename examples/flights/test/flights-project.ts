import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const example = fileURLToPath(new URL("..", import.meta.url));
const millrace = dirname(fileURLToPath(import.meta.resolve("millrace/package.json")));

export interface RunningDemo {
  readonly port: number;
  /** What it printed so far. */
  output(): string;
  /** Ctrl-C; waits until every process has let go of its output. */
  interrupt(): Promise<void>;
}

/** A copy of the example in a folder of its own, whose code a test may change, used by the command line. */
export class FlightsProject implements AsyncDisposable {
  readonly #folder = mkdtempSync(join(tmpdir(), "millrace-flights-"));
  readonly #servers: ChildProcess[] = [];
  readonly #groups: ChildProcess[] = [];

  constructor() {
    for (const name of ["millrace.config.ts", "package.json", "api.ts", "demo.ts", "assets", "model"]) {
      cpSync(join(example, name), join(this.#folder, name), { recursive: true });
    }
    mkdirSync(join(this.#folder, "node_modules", ".bin"), { recursive: true });
    symlinkSync(join(millrace, "bin", "millrace.js"), join(this.#folder, "node_modules", ".bin", "millrace"));
    for (const name of ["millrace", "vega-datasets", "zod"]) {
      const installed = realpathSync(join(millrace, "node_modules", name));
      symlinkSync(installed, join(this.#folder, "node_modules", name), "junction");
    }
  }

  /** Replaces a piece of code, which has to be there; gives what puts it back. */
  edit(file: string, before: string, after: string): () => void {
    const path = join(this.#folder, file);
    const text = readFileSync(path, "utf8");
    assert.ok(text.includes(before), `${file} does not contain ${before}`);
    writeFileSync(
      path,
      text.replace(before, () => after),
    );
    return () => writeFileSync(path, text);
  }

  /** The only file that ever was published of an asset, as it lies on disk. */
  contentOf(asset: string, extension: string): string {
    const files = globSync(`**/${asset}/**/*${extension}`, { cwd: join(this.#folder, ".millrace") });
    assert.equal(files.length, 1, files.join(", "));
    return readFileSync(join(this.#folder, ".millrace", files[0] ?? ""), "utf8");
  }

  /** Runs `millrace` with these arguments to its end. */
  async run(...args: string[]): Promise<{ readonly code: number; readonly output: string }> {
    const child = this.#start(args);
    let output = "";
    const collect = (text: string) => (output += text);
    child.stdout.setEncoding("utf8").on("data", collect);
    child.stderr.setEncoding("utf8").on("data", collect);
    const [code] = await once(child, "close");
    return { code: Number(code), output };
  }

  /** Starts `millrace serve`; gives the URL below which the endpoints lie. */
  async serve(): Promise<string> {
    const port = await freePort();
    const child = this.#start(["serve", "--port", `${port}`]);
    this.#servers.push(child);
    let output = "";
    const collect = (text: string) => (output += text);
    child.stdout.setEncoding("utf8").on("data", collect);
    child.stderr.setEncoding("utf8").on("data", collect);
    for (;;) {
      assert.equal(child.exitCode, null, output);
      const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
      if (answer?.ok === true) return `http://127.0.0.1:${port}/api`;
      await delay(50);
    }
  }

  /** Starts `npm run demo`, as in a terminal where PORT is set. */
  async demo(env: NodeJS.ProcessEnv): Promise<RunningDemo> {
    const port = await freePort();
    // A group of its own: Ctrl-C reaches npm, its shell and the server alike.
    const child = spawn("npm", ["run", "demo"], {
      cwd: this.#folder,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...env, PORT: `${port}` },
      detached: true,
    });
    this.#groups.push(child);
    let output = "";
    const collect = (text: string) => (output += text);
    child.stdout.setEncoding("utf8").on("data", collect);
    child.stderr.setEncoding("utf8").on("data", collect);
    const closed = once(child, "close");
    while (!/is served at .*\/api\n/.test(output)) {
      assert.equal(child.exitCode, null, output);
      await delay(50);
    }
    return {
      port,
      output: () => output,
      async interrupt() {
        signalGroup(child, "SIGINT");
        await closed;
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of this.#servers) {
      if (server.exitCode !== null) continue;
      server.kill("SIGTERM");
      await once(server, "exit");
    }
    for (const group of this.#groups) if (group.exitCode === null) signalGroup(group, "SIGKILL");
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #start(args: readonly string[]) {
    return spawn(process.execPath, [join(millrace, "bin", "millrace.js"), ...args], {
      cwd: this.#folder,
      stdio: ["ignore", "pipe", "pipe"],
      // Times in the data are local ones without a zone: the machine's must not move them.
      env: { ...process.env, TZ: "America/Los_Angeles" },
    });
  }
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // It has ended.
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  assert.ok(typeof address === "object" && address !== null);
  return address.port;
}
