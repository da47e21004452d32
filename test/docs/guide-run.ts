import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { printsAs } from "../../scripts/docs/compare-output.ts";
import type { GuideStep } from "../../scripts/docs/guide-steps.ts";
import { freePort } from "../free-port.ts";
import { newcomersEnvironment, runShell, type Printed } from "./shell.ts";

/** The port that the pages name; here each server gets a free one. */
const shownPort = "4000";
const serverLimitMs = 20_000;
/** How long after it takes requests a server may still be printing. */
const settleMs = 3_000;
/** How long a change of a file may take to reach the answers of a server that takes up changes. */
const reloadLimitMs = 10_000;

/** What comes after it makes no sense any more. */
export class CommandFailed extends Error {}

interface RunningServer {
  readonly child: ChildProcess;
  readonly port: number;
  readonly output: () => string;
}

/** A newcomer's folder, beside a clone of Millrace from which the package is built: what a guide says is done here. */
export class GuideRun implements AsyncDisposable {
  readonly #root = mkdtempSync(join(tmpdir(), "millrace-guide-"));
  readonly #folder = join(this.#root, "shop");
  readonly #environment: NodeJS.ProcessEnv;
  #server: RunningServer | undefined;
  #written = false;

  constructor() {
    mkdirSync(this.#folder);
    this.#clone(join(this.#root, "millrace"));
    this.#environment = newcomersEnvironment(this.#root);
  }

  /** Does what a step says. Throws where the page and the program differ. */
  async follow(step: GuideStep): Promise<void> {
    if (step.step === "write") {
      const file = join(this.#folder, step.file);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, step.text);
      this.#written = true;
    } else if (step.step === "run") {
      await this.#run(step);
    } else {
      await this.#stopServer();
      if (step.step === "serve") await this.#serve(step);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.#stopServer();
    } finally {
      rmSync(this.#root, { recursive: true, force: true });
    }
  }

  async #run(step: Extract<GuideStep, { step: "run" }>): Promise<void> {
    const until = Date.now() + reloadLimitMs;
    for (;;) {
      const { code, output } = await this.#shell(step.command, step.folder);
      if (code !== step.exitCode)
        throw new CommandFailed(`it ended with ${code}, not ${step.exitCode}, and printed:\n${output}`);
      if (step.output === undefined || printsAs(step.output, output)) return;
      // A server that takes up changes may not have taken up this one yet.
      const maySettle = this.#server !== undefined && this.#written && step.command.startsWith("curl");
      if (!maySettle || Date.now() > until) assert.fail(`it printed:\n${output}`);
      await delay(200);
    }
  }

  async #shell(command: string, folder?: string): Promise<Printed> {
    const port = String(this.#server?.port ?? shownPort);
    const { code, output } = await runShell(command.replaceAll(`:${shownPort}`, `:${port}`), {
      cwd: folder === undefined ? this.#folder : resolve(this.#folder, folder),
      // In the clone everything is installed; a script that makes sure of it has nothing to do there.
      env:
        folder === undefined
          ? this.#environment
          : { ...this.#environment, npm_config_ignore_scripts: "true" },
    });
    return { code, output: output.replaceAll(`:${port}`, `:${shownPort}`) };
  }

  async #serve(step: Extract<GuideStep, { step: "serve" }>): Promise<void> {
    const port = await freePort();
    // A group of its own, because npx starts further processes; Ctrl-C reaches all of them, too.
    const child = spawn("sh", ["-e", "-c", `exec 2>&1\n${step.command}`], {
      cwd: this.#folder,
      env: { ...this.#environment, PORT: String(port) },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    const printed = () => output.replaceAll(`:${port}`, `:${shownPort}`);
    this.#server = { child, port, output: printed };
    this.#written = false;
    const until = Date.now() + serverLimitMs;
    while (!(await isReady(port))) {
      assert.equal(child.exitCode, null, `the server ended and printed:\n${printed()}`);
      if (Date.now() > until) assert.fail(`the server takes no requests, and printed:\n${printed()}`);
      await delay(50);
    }
    const printedBy = Date.now() + settleMs;
    while (!printsAs(step.output ?? "…", printed())) {
      if (Date.now() > printedBy) assert.fail(`the server printed:\n${printed()}`);
      await delay(50);
    }
  }

  async #stopServer(): Promise<void> {
    if (this.#server === undefined) return;
    const { child, output } = this.#server;
    this.#server = undefined;
    if (child.exitCode !== null || child.pid === undefined) return;
    const closed = once(child, "close");
    process.kill(-child.pid, "SIGINT");
    const { pid } = child;
    const timer = setTimeout(() => process.kill(-pid, "SIGKILL"), serverLimitMs);
    // Closed once every process of the group has let go of its output. The shell itself ends by the signal.
    const [code, signal] = await closed;
    clearTimeout(timer);
    const clean = code === 0 || signal === "SIGINT";
    assert.ok(clean, `after Ctrl-C the server ended with ${code ?? signal} and printed:\n${output()}`);
  }

  /** What `npm run build` needs of a clone, with the dependencies that are already installed. */
  #clone(folder: string): void {
    const parts = [
      "src",
      "scripts",
      "bin",
      "preset",
      "package.json",
      "package-lock.json",
      "LICENSE",
      "README.md",
    ];
    for (const part of [...parts, "tsconfig.json", "tsconfig.build.json", ".npmrc"])
      cpSync(part, join(folder, part), { recursive: true });
    symlinkSync(resolve("node_modules"), join(folder, "node_modules"), "junction");
  }
}

async function isReady(port: number): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
  await answer?.arrayBuffer();
  return answer !== undefined;
}
