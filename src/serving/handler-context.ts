import type { Log } from "../core/asset/run-context.ts";
import type { ParsedRequest } from "../http/request-reader.ts";
import type { ServingLog } from "./serving-options.ts";

export interface ContextSource {
  readonly signal: () => AbortSignal;
  readonly log: () => Log;
  readonly url: () => URL;
}

/**
 * The second argument of a handler. What few handlers ask for is made when they ask: a signal and a URL for each
 * request would cost more than all the rest of a 304.
 */
export class HandlerContext {
  readonly params: unknown;
  readonly query: unknown;
  readonly headers: unknown;
  readonly body: unknown;
  readonly #source: ContextSource;

  constructor(request: ParsedRequest, source: ContextSource) {
    this.params = request.params;
    this.query = request.query;
    this.headers = request.headers;
    this.body = request.body;
    this.#source = source;
  }

  get signal(): AbortSignal {
    return this.#source.signal();
  }
  get log(): Log {
    return this.#source.log();
  }
  get url(): URL {
    return this.#source.url();
  }
}

/** A handler's log: lines that carry the request and its endpoint. */
export function handlerLog(log: ServingLog, bound: Readonly<Record<string, unknown>>): Log {
  return {
    debug: (message, fields) => log.debug({ ...bound, ...fields }, message),
    info: (message, fields) => log.info({ ...bound, ...fields }, message),
    warn: (message, fields) => log.warn({ ...bound, ...fields }, message),
    error: (message, fields) => log.error({ ...bound, ...fields }, message),
  };
}
