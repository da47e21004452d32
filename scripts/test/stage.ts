import { spawn } from "node:child_process";

/** One thing that `npm test` checks. */
export interface Stage {
  readonly name: string;
  run(): Promise<StageResult>;
}

export interface StageResult {
  readonly ok: boolean;
  /** A few words for the stage's line, such as the number of tests. */
  readonly note?: string;
  /** Shown when the stage failed. */
  readonly output: string;
  readonly tests?: TestTotals;
}

export interface TestTotals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** A stage that hangs must not hang the whole run. Far more than any takes, for machines that are busy with other work. */
const limitMs = 15 * 60_000;

/** Children that still run, so that an interrupted run takes them along. */
const running = new Set<() => void>();

export function killRunning(): void {
  for (const kill of running) kill();
}

/** Runs a command to its end, with what it printed on both streams. */
export async function runCommand(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly ok: boolean; readonly output: string }> {
  // A process group of its own, because tests start processes of theirs: all of them have to go.
  const child = spawn(command, args, {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const kill = () => {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  };
  running.add(kill);
  let output = "";
  const collect = (text: string) => {
    output += text;
  };
  child.stdout.setEncoding("utf8").on("data", collect);
  child.stderr.setEncoding("utf8").on("data", collect);
  const timer = setTimeout(() => {
    output += `\nstopped after ${limitMs / 1000} s\n`;
    kill();
  }, limitMs);

  try {
    return await new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => resolve({ ok: code === 0, output }));
    });
  } finally {
    clearTimeout(timer);
    running.delete(kill);
  }
}
