import type { DestinationStream } from "pino";
import { longestBlindMs } from "../core/catalog/retention.ts";
import type { BearerToken } from "../http/bearer-tokens.ts";
import { checkListen } from "../http/listen-policy.ts";
import { createServer } from "../serving/server.ts";
import { listenFailure } from "./listen-failure.ts";
import type { OpenProject } from "./open-project.ts";
import { openReading } from "./open-reading.ts";
import { packageVersion } from "./package-version.ts";
import { processLogger } from "./process-log.ts";

export interface ServeOptions {
  /** Anything but loopback needs tokens. */
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Listen on this socket of the file system instead. */
  readonly socketPath?: string;
  /** None: no authentication. */
  readonly tokens: readonly BearerToken[];
  /** Tell clients what went wrong inside; for development. */
  readonly exposeFailures?: boolean;
  /** Where log lines (JSON) go; standard error when absent. */
  readonly log?: DestinationStream;
}

export interface RunningServer {
  readonly url: string;
  /** Takes no more requests, lets running ones end, and closes the engine. The project stays open. */
  close(): Promise<void>;
}

/**
 * Serves a project's endpoints.
 *
 * @throws BIND_REFUSED for a wider address without tokens, PORT_IN_USE
 */
export async function serveProject(open: OpenProject, options: ServeOptions): Promise<RunningServer> {
  const { host, port, socketPath, tokens } = options;
  if (socketPath === undefined) checkListen(host, tokens);
  const reading = await openReading(open);
  const { project } = open.loaded;
  const { scope, state, known, clock } = open.context;
  try {
    const server = await createServer({
      project,
      scope,
      state,
      engine: reading.tables,
      reader: reading.reader,
      resources: await open.resources.pool(),
      assets: known,
      codeVersionOf: open.endpointCodeVersionOf,
      tokens,
      log: processLogger(open.resources.redactor, options.log),
      redactor: open.resources.redactor,
      version: packageVersion(),
      now: () => clock.now(),
      staleHeadMs: Math.min(10_000, longestBlindMs(project.graceMs)),
      exposeFailures: options.exposeFailures ?? false,
    });
    const url = await server.listen(socketPath === undefined ? { host, port } : { path: socketPath });
    return {
      url,
      async close() {
        await server.close();
        await reading.close();
      },
    };
  } catch (error) {
    await reading.close();
    throw listenFailure(error, host, port);
  }
}
