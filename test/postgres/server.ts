import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { freePort } from "../free-port.ts";
import { postgresBinaries, unprivileged } from "./binaries.ts";

export interface PostgresServer {
  /** Of the maintenance database; tests make databases of their own from it. */
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * A real PostgreSQL on a loopback port, in a folder of its own that goes with it. It syncs to disk as in production,
 * because the crash tests rely on that; half a second goes into making the cluster.
 */
export async function startPostgres(): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), "millrace-postgres-"));
  let running: ChildProcess | undefined;
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  // For a test run that is interrupted: SIGQUIT ends PostgreSQL and its children at once.
  const onExit = () => {
    running?.kill("SIGQUIT");
    // It still writes while it ends, and rmSync then leaves a folder behind without a word: look, and try again.
    for (let attempt = 0; attempt < 40 && existsSync(folder); attempt++) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 25);
      removeFolder();
    }
  };
  process.once("exit", onExit);

  try {
    if (unprivileged !== undefined) chownSync(folder, unprivileged.uid, unprivileged.gid);
    const binaries = postgresBinaries(folder);
    const data = join(folder, "data");
    await promisify(execFile)(
      join(binaries, "initdb"),
      ["--pgdata", data, "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"],
      { cwd: folder, ...unprivileged, env: environment },
    );
    const { server, port } = await launch(join(binaries, "postgres"), data);
    running = server;
    return {
      url: `postgresql://postgres@127.0.0.1:${port}/postgres`,
      async stop() {
        process.off("exit", onExit);
        // Fast shutdown: it ends the sessions instead of waiting for them.
        if (server.kill("SIGINT")) await once(server, "exit");
        removeFolder();
      },
    };
  } catch (error) {
    process.off("exit", onExit);
    removeFolder();
    throw error;
  }
}

const environment = { PATH: process.env["PATH"], LC_ALL: "C", TZ: "UTC" };

/** Another process may take the free port before PostgreSQL does: try a few. */
async function launch(binary: string, data: string): Promise<{ server: ChildProcess; port: number }> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const server = spawn(
      binary,
      ["-D", data, "-h", "127.0.0.1", "-p", String(port), ...settings.flatMap((setting) => ["-c", setting])],
      { cwd: data, ...unprivileged, env: environment, stdio: ["ignore", "ignore", "pipe"] },
    );
    const failure = await ready(server);
    if (failure === undefined) return { server, port };
    if (attempt === 3) throw new Error(`PostgreSQL does not start:\n${failure}`);
  }
}

const settings = [
  "fsync=on",
  "max_connections=200",
  "shared_buffers=64MB",
  "unix_socket_directories=",
  "timezone=UTC",
];

/** Undefined once it accepts connections; what it said when it ended instead. */
async function ready(server: ChildProcess): Promise<string | undefined> {
  let log = "";
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.once("exit", () => resolve(log));
    server.stderr?.setEncoding("utf8").on("data", (text: string) => {
      // Read on for as long as it runs, or a full pipe would stop it; keep the start, which says why it failed.
      if (log.length < 10_000) log += text;
      if (log.includes("ready to accept connections")) resolve(undefined);
    });
  });
}
