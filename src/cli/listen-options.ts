import { Option, type Command } from "commander";
import type { BearerToken } from "../http/bearer-tokens.ts";
import { UsageError } from "./usage-error.ts";

const defaultPort = 4000;
const defaultHost = "127.0.0.1";

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
}

/** `--port` and `--host`, the same for every command that listens. */
export function addListenOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--port <number>", "port to listen on; 0 for any free one")
        .env("PORT")
        .default(defaultPort)
        .argParser(parsePort),
    )
    .option("--host <address>", "address to listen on; beyond this machine only with tokens", defaultHost);
}

/** Tokens that requests must carry, from `MILLRACE_TOKENS`: `name:token` pairs, divided by commas. */
export function tokensFrom(environment: NodeJS.ProcessEnv): readonly BearerToken[] {
  const pairs = (environment["MILLRACE_TOKENS"] ?? "").split(",").map((pair) => pair.trim());
  return pairs
    .filter((pair) => pair !== "")
    .map((pair, index) => {
      const [, name, token] = /^([^:]+):([\w.~+/=-]+)$/.exec(pair) ?? [];
      if (name !== undefined && token !== undefined) return { name, token };
      // Never the pair itself: it may hold the secret.
      throw new UsageError(
        `MILLRACE_TOKENS: pair ${index + 1} is not of the form name:token`,
        "Write name:token pairs divided by commas; a token has letters, digits and . _ ~ + / = -.",
      );
    });
}

function parsePort(text: string): number {
  // A variable that is set to nothing counts as not set.
  if (text === "") return defaultPort;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port >= 0 && port <= 65_535) return port;
  throw new UsageError(
    `${JSON.stringify(text)} is no port`,
    "Give a number from 0 to 65535, with --port or in PORT.",
  );
}
