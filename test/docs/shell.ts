import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve, sep } from "node:path";

/** For one command: a page that waits for something waits for it forever when it does not come. */
const commandLimitMs = 60_000;

export interface Printed {
  readonly code: number;
  /** On both streams, as a terminal shows them. */
  readonly output: string;
}

/** Types a command, which may be several lines. */
export async function runShell(
  command: string,
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<Printed> {
  const child = spawn("sh", ["-e", "-c", `exec 2>&1\n${command}`], {
    ...options,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  const timer = setTimeout(() => {
    output += `\nstopped after ${commandLimitMs / 1000} s\n`;
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  }, commandLimitMs);
  const [code] = await once(child, "close");
  clearTimeout(timer);
  return { code: Number(code ?? -1), output };
}

/**
 * As in a terminal of somebody who has this Node and npm: nothing of the repository is on the path.
 *
 * @param root a folder for programs and settings
 */
export function newcomersEnvironment(root: string): NodeJS.ProcessEnv {
  const programs = join(root, "bin");
  mkdirSync(programs);
  if (spawnSync("curl", ["--version"]).error !== undefined) {
    const standIn = `#!/bin/sh\nexec '${process.execPath}' '${resolve("test/docs/curl.ts")}' "$@"\n`;
    writeFileSync(join(programs, "curl"), standIn, { mode: 0o755 });
  }
  writeFileSync(join(root, ".curlrc"), "silent\nshow-error\n");
  symlinkSync(process.execPath, join(programs, "node"));
  const own = (process.env["PATH"] ?? "")
    .split(delimiter)
    .filter((entry) => !entry.split(sep).includes("node_modules"));
  // What npm tells the scripts it runs would tell the npm of the guide that it is somewhere else.
  const foreign =
    /^(npm_(package|lifecycle|config_local_prefix|command|execpath|node_execpath)|INIT_CWD|NODE_(TEST|OPTIONS|COMPILE|ENV)|MILLRACE_|PORT$)/;
  const kept = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  return {
    ...Object.fromEntries(kept),
    PATH: [programs, ...own].join(delimiter),
    CURL_HOME: root,
    // npm is started some forty times.
    NODE_COMPILE_CACHE: join(root, "compile-cache"),
    NO_COLOR: "1",
    npm_config_prefer_offline: "true",
    npm_config_audit: "false",
    npm_config_fund: "false",
    npm_config_update_notifier: "false",
    // What npm has to say of this machine's settings is none of the page's.
    npm_config_loglevel: "error",
  };
}
