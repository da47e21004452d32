import assert from "node:assert/strict";
import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";

const root = realpathSync(fileURLToPath(new URL("../../..", import.meta.url)));
const original = fileURLToPath(new URL("./project", import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A copy of `project/` in a folder of its own, and the real command line at work in it. */
export class CliProject {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), "millrace-cli-")));
  readonly #started: CliProcess[] = [];

  constructor(t: TestContext) {
    cpSync(original, this.folder, { recursive: true });
    symlinkSync(join(root, "node_modules"), join(this.folder, "node_modules"), "junction");
    t.after(() => this.#remove());
  }

  path(file: string): string {
    return join(this.folder, file);
  }

  read(file: string): string {
    return readFileSync(this.path(file), "utf8");
  }

  write(file: string, text: string): void {
    writeFileSync(this.path(file), text);
  }

  /** Replaces a piece of code, which has to be there. */
  edit(file: string, before: string, after: string): void {
    const text = this.read(file);
    assert.ok(text.includes(before), `${file} does not contain ${before}`);
    this.write(file, text.replace(before, after));
  }

  start(args: readonly string[], env: NodeJS.ProcessEnv = {}): CliProcess {
    const started = new CliProcess(args, this.folder, env);
    this.#started.push(started);
    return started;
  }

  /** Runs a command to its end. */
  run(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
    return this.start(args, env).ended;
  }

  /** Runs a command that has to succeed, and reads what it prints as JSON. */
  async json<T>(...args: readonly string[]): Promise<T> {
    const { code, stdout, stderr } = await this.run([...args, "--json"]);
    assert.equal(code, 0, stderr);
    assert.equal(stderr, "");
    return JSON.parse(stdout) as T;
  }

  async #remove(): Promise<void> {
    for (const started of this.#started) started.kill("SIGKILL");
    await Promise.all(this.#started.map((started) => started.ended));
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** One process of the command line. */
export class CliProcess {
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  #stdout = "";
  #stderr = "";

  constructor(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv) {
    this.#child = spawn(process.execPath, [join(root, "bin", "millrace.js"), ...args], {
      cwd,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        NO_COLOR: "1",
        FORCE_COLOR: undefined,
        PORT: undefined,
        MILLRACE_TOKENS: undefined,
        MILLRACE_STATE: undefined,
        MILLRACE_DATA: undefined,
        MILLRACE_ENV: undefined,
        ...env,
      },
    });
    this.#child.stdout.setEncoding("utf8").on("data", (text: string) => (this.#stdout += text));
    this.#child.stderr.setEncoding("utf8").on("data", (text: string) => (this.#stderr += text));
    this.ended = once(this.#child, "close").then(([code]) => ({
      code: code as number | null,
      stdout: this.#stdout,
      stderr: this.#stderr,
    }));
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get output(): string {
    return this.#stdout + this.#stderr;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Waits until what it printed matches; fails when it ends before. */
  async printed(pattern: RegExp, times = 1): Promise<RegExpExecArray> {
    const deadline = Date.now() + 20_000;
    const all = new RegExp(pattern.source, `${pattern.flags.replace("g", "")}g`);
    for (;;) {
      const found = [...this.output.matchAll(all)];
      const wanted = found[times - 1];
      if (wanted !== undefined) return wanted;
      assert.equal(
        this.#child.exitCode,
        null,
        `it ended without printing ${String(pattern)}:\n${this.output}`,
      );
      assert.equal(this.#child.signalCode, null);
      assert.ok(Date.now() < deadline, `not printed within 20 s: ${String(pattern)}\n${this.output}`);
      await delay(10);
    }
  }
}
