import { isQuery } from "../core/asset/query-definition.ts";
import { PageRequest } from "../core/endpoint/page.ts";
import { MillraceError, reasonOf } from "../core/errors.ts";
import { SqlTree } from "../core/sql/sql-tree.ts";
import { statementOver } from "./answer.ts";
import type { ServingContext } from "./serving-context.ts";
import { HandlerContext, handlerLog } from "./handler-context.ts";
import { pageStatement } from "./page-statement.ts";
import { sampleRequest } from "./sample-request.ts";
import type { ServedEndpoint } from "./served-endpoint.ts";

/** An endpoint that could not be prepared, and why. */
export interface Unprepared {
  readonly endpoint: string;
  readonly reason: string;
  /** Stable; absent where there was nothing to prepare. */
  readonly code?: string;
}

export interface ReadinessReport {
  readonly ready: boolean;
  readonly snapshot?: string;
  readonly prepared: number;
  /** Endpoints that cannot answer: their SQL does not fit the data. They keep the server from becoming ready. */
  readonly broken: readonly Unprepared[];
  /** Endpoints of which it is not known before they are called, and those whose assets are not there yet. */
  readonly unknown: readonly Unprepared[];
  readonly state?: string;
}

/**
 * Is the server fit to take requests? State must answer; and before the first yes each endpoint's SQL is prepared
 * against the current snapshot, where a request can be made up for it (N20). After that yes a publish does not take the server
 * out again: one endpoint that broke must not silence all the others.
 */
export class Readiness {
  readonly #context: ServingContext;
  readonly #endpoints: readonly ServedEndpoint[];
  #passed: Omit<ReadinessReport, "ready" | "snapshot"> | undefined;
  #preparing: Promise<Omit<ReadinessReport, "ready" | "snapshot">> | undefined;

  constructor(context: ServingContext, endpoints: readonly ServedEndpoint[]) {
    this.#context = context;
    this.#endpoints = endpoints;
  }

  async report(): Promise<ReadinessReport> {
    const { heads, options } = this.#context;
    let snapshot: string;
    try {
      const { head, unconfirmed } = await heads.read();
      if (unconfirmed) throw new MillraceError("STATE_UNAVAILABLE", { reason: "no answer" });
      snapshot = `${options.scope.environment}@${head.epoch}:${head.number}`;
    } catch (error) {
      options.log.warn({ err: error }, "state does not answer");
      return { ready: false, prepared: 0, broken: [], unknown: [], state: "unavailable" };
    }
    const found = this.#passed ?? (await (this.#preparing ??= this.#prepareAll()));
    this.#preparing = undefined;
    if (found.broken.length > 0) return { ready: false, snapshot, ...found };
    this.#passed = found;
    return { ready: true, snapshot, ...found };
  }

  async #prepareAll(): Promise<Omit<ReadinessReport, "ready" | "snapshot">> {
    let prepared = 0;
    const broken: Unprepared[] = [];
    const unknown: Unprepared[] = [];
    for (const served of this.#endpoints) {
      const endpoint = served.definition.route;
      try {
        const reason = await this.#prepare(served);
        if (reason === undefined) prepared += 1;
        else unknown.push({ endpoint, reason });
      } catch (error) {
        const code = error instanceof MillraceError ? error.code : "INTERNAL";
        if (code === "ASSET_NOT_MATERIALIZED") {
          unknown.push({ endpoint, reason: reasonOf(error), code });
          continue;
        }
        this.#context.options.log.error({ err: error, endpoint }, "the endpoint cannot be prepared");
        broken.push({ endpoint, reason: shown(error, this.#context.options.exposeFailures === true), code });
      }
    }
    return { prepared, broken, unknown };
  }

  /** Undefined when it was prepared; else why there was nothing to prepare. */
  async #prepare(served: ServedEndpoint): Promise<string | undefined> {
    const { definition } = served;
    const { head } = await this.#context.heads.read();
    const view = await this.#context.views.view(head, served);
    if (served.readsItself || !served.isSafe) return "its handler does more than write SQL";
    const sample = sampleRequest(definition);
    if (sample === undefined) return "no request could be made up for it";
    const context = new HandlerContext(sample, {
      signal: () => new AbortController().signal,
      log: () => handlerLog(this.#context.options.log, { endpoint: served.label }),
      url: () => new URL("http://localhost"),
    });
    let result: unknown;
    let exists: unknown;
    try {
      result = definition.handler(view.shared.handles, context);
      exists = definition.exists?.sql(view.shared.handles, context);
    } catch {
      return "its handler refused the request that was made up for it";
    }
    const { columns } = served;
    const sql = this.#statement(result, served);
    if (sql === undefined) return "its handler does more than write SQL";
    const { engine } = this.#context.options;
    const statement = statementOver(sql, view.shared);
    await engine.prepare({ statement, ...(columns === undefined ? {} : { columns }) });
    if (exists instanceof SqlTree) await engine.prepare({ statement: statementOver(exists, view.shared) });
    return undefined;
  }

  #statement(result: unknown, served: ServedEndpoint): SqlTree | undefined {
    if (result instanceof SqlTree) return result;
    if (isQuery(result)) return result.sql;
    if (result instanceof PageRequest && served.columns !== undefined)
      return pageStatement(result, served.columns);
    // A promise that nobody waits for must not bring the process down.
    if (result instanceof Promise) result.catch(() => undefined);
    return undefined;
  }
}

function shown(error: unknown, expose: boolean): string {
  return expose ? reasonOf(error) : "its SQL does not fit the data; the server's log has the details";
}
