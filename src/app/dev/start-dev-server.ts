import { mkdtemp, rm } from "node:fs/promises";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, sep } from "node:path";
import type { BearerToken } from "../../http/bearer-tokens.ts";
import { checkListen } from "../../http/listen-policy.ts";
import { listenFailure } from "../listen-failure.ts";
import { findConfig } from "../load-project.ts";
import { startApiProcess } from "./api-process.ts";
import type { DevEvent } from "./dev-event.ts";
import { createFrontDoor } from "./front-door.ts";
import { Supervisor } from "./supervisor.ts";
import { watchProject, type ProjectWatch } from "./watch-project.ts";

export interface DevOptions {
  /** The project's folder, or one inside it. */
  readonly directory: string;
  /** The one to serve; that which `MILLRACE_ENV` names when absent. */
  readonly environment?: string | undefined;
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  readonly tokens: readonly BearerToken[];
  /** Where what the project's code writes to standard output goes; "stdout" when absent. */
  readonly output?: "stdout" | "stderr";
  readonly tell: (event: DevEvent) => void;
}

export interface DevServer {
  readonly url: string;
  /** Takes no more requests, answers those it has for a few seconds, ends every process. */
  close(): Promise<void>;
}

/** How long requests may take to finish when the server ends. */
const closeMs = 5_000;

/**
 * Serves a project on one port and takes up every change of its files. This process never loads the project: a child
 * does, and a new one for every change, while the last good one goes on answering.
 *
 * @throws PROJECT_NOT_FOUND, BIND_REFUSED, PORT_IN_USE
 */
export async function startDevServer(options: DevOptions): Promise<DevServer> {
  const { host, port, tokens, tell } = options;
  checkListen(host, tokens);
  const directory = dirname(findConfig(options.directory));
  // Only this user may enter it: the sockets in it are as good as the port.
  const sockets = await mkdtemp(join(tmpdir(), "millrace-"));
  let starts = 0;
  let url = "";
  let written: readonly string[] = [];
  const launch = (code: string | undefined) => {
    starts += 1;
    const socketPath = socketName(sockets, starts);
    return startApiProcess({
      directory,
      environment: options.environment,
      socketPath,
      socketFolder: sockets,
      tokens,
      output: options.output ?? "stdout",
      ...(code === undefined ? {} : { code }),
    });
  };
  const supervisor = new Supervisor(launch, {
    ready({ project, assets, endpoints, written: folders }, milliseconds, reload) {
      written = folders;
      tell({
        event: "ready",
        url,
        project,
        assets,
        endpoints,
        milliseconds: Math.round(milliseconds),
        reload,
      });
    },
    failed: (report, serving) => tell({ event: "failed", report, serving }),
    crashed: (reason, restartInMs) => tell({ event: "crashed", reason, restartInMs }),
  });
  const door = createFrontDoor(() => supervisor.backend());
  let watching: ProjectWatch | undefined;
  const close = async (): Promise<void> => {
    watching?.close();
    const closed = new Promise((resolve) => door.close(resolve));
    await supervisor.close(closeMs);
    door.closeAllConnections();
    await closed;
    await rm(sockets, { recursive: true, force: true });
  };
  try {
    url = await listen(door, host, port);
  } catch (error) {
    await rm(sockets, { recursive: true, force: true });
    throw error;
  }
  supervisor.reload();
  tell({ event: "listening", url });
  const blind = (error: unknown): void => tell({ event: "not watching", reason: String(error) });
  try {
    const changed = (files: readonly string[]): void => {
      tell({ event: "changed", files });
      supervisor.reload();
    };
    const isWritten = (file: string): boolean =>
      written.some((folder) => join(directory, file).startsWith(folder + sep));
    watching = watchProject(directory, isWritten, changed, blind);
  } catch (error) {
    // Too many files for the system's limits, say: serving goes on, reloading does not.
    blind(error);
  }
  return { url, close };
}

function listen(server: Server, host: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: Error) => reject(listenFailure(error, host, port)));
    server.listen(port, host, () => {
      const { port: taken } = server.address() as AddressInfo;
      resolve(`http://${host.includes(":") ? `[${host}]` : host}:${taken}`);
    });
  });
}

function socketName(folder: string, number: number): string {
  return process.platform === "win32"
    ? `\\\\.\\pipe\\${folder.replaceAll(/\W/g, "-")}-${number}`
    : join(folder, `${number}.sock`);
}
