import { randomBytes } from "node:crypto";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { MillraceError, reasonOf } from "../core/errors.ts";
import { BearerTokens } from "../http/bearer-tokens.ts";
import { frameworkFailure } from "../http/framework-failure.ts";
import { acceptJsonBodies } from "../http/json-body.ts";
import { PathMethods } from "../http/path-methods.ts";
import { refuseConnection } from "../http/refuse-connection.ts";
import { handleEndpoint } from "./endpoint-handler.ts";
import { handlerLog } from "./handler-context.ts";
import { HeadReader } from "./head-reader.ts";
import { addOwnRoutes } from "./own-routes.ts";
import { Readiness } from "./readiness.ts";
import { ClientLeft } from "./request-work.ts";
import { respondProblem } from "./respond.ts";
import { ServedResources } from "./served-resources.ts";
import { csv, json, ServedEndpoint } from "./served-endpoint.ts";
import { ServingMetrics } from "./serving-metrics.ts";
import type { Answered, ServingContext } from "./serving-context.ts";
import type { ServingOptions } from "./serving-options.ts";
import { SnapshotViews } from "./snapshot-views.ts";
import { stopWithinGrace } from "./stop-within-grace.ts";

const defaultBodyLimit = 1024 * 1024;

/** Open to everybody, so that a load balancer needs no token. */
const openPaths: ReadonlySet<string> = new Set(["/healthz", "/readyz"]);

/**
 * Pages that people open in a browser, which has no way to send a token but can ask for a login. Nothing else takes
 * one: a browser adds it to what any other site makes it ask for.
 */
function isDocumentation(path: string): boolean {
  return ["/", "/api/openapi.json", "/api/docs"].includes(path) || path.startsWith("/api/docs/");
}

/**
 * The API over a project's assets: its endpoints under `/api`, with what Millrace adds. It does not listen yet. Closing
 * it takes no new connection, lets running requests end within the grace, and stops what still runs then; the state,
 * the engine and the reader stay the caller's to close.
 */
export async function createServer(options: ServingOptions): Promise<FastifyInstance> {
  const server = new ApiServer(options);
  await server.app.ready();
  return server.app;
}

class ApiServer {
  readonly app: FastifyInstance;
  readonly #options: ServingOptions;
  readonly #context: ServingContext;
  readonly #metrics = new ServingMetrics();
  readonly #tokens: BearerTokens;
  readonly #methods = new PathMethods();
  readonly #bodyLimit: number;

  constructor(options: ServingOptions) {
    const { now = Date.now, staleHeadMs = 10_000 } = options;
    this.#options = options;
    this.#tokens = new BearerTokens(options.tokens);
    this.#bodyLimit = options.bodyLimit ?? defaultBodyLimit;
    this.#context = {
      options,
      heads: new HeadReader(options.state.catalog, options.scope, {
        staleMs: staleHeadMs,
        // A request waits for the read under way and then for its own, and may still be answered from the last one.
        patienceMs: staleHeadMs / 4,
        now,
      }),
      views: new SnapshotViews(options),
      resources: new ServedResources(options.resources, handlerLog(options.log, {})),
      running: new Set(),
      now,
    };
    // Names a request in the log and in its problem, also after a restart.
    const boot = randomBytes(4).toString("hex");
    let count = 0;
    this.app = Fastify({
      logger: false,
      bodyLimit: this.#bodyLimit,
      exposeHeadRoutes: false,
      genReqId: () => `${boot}-${(count += 1).toString(36)}`,
      requestTimeout: 30_000,
      // A request that slips in while the server closes is answered; its connection ends with it.
      return503OnClosing: false,
      routerOptions: { maxParamLength: 2048 },
      frameworkErrors: (error, request, reply) => this.#problem(error, request, reply),
      clientErrorHandler: refuseConnection,
    });
    acceptJsonBodies(this.app);
    this.app.setErrorHandler((error, request, reply) => this.#problem(error, request, reply));
    this.app.setNotFoundHandler((request, reply) => this.#notFound(request, reply));
    if (this.#tokens.required)
      this.app.addHook("onRequest", (request, reply) => this.#authenticate(request, reply));
    stopWithinGrace(this.app, this.#context.running, options.closeGraceMs ?? 10_000);
    this.#addRoutes();
  }

  #addRoutes(): void {
    this.app.addHook("onRoute", ({ method, url }) => {
      for (const each of [method].flat()) this.#methods.add(each, url);
    });
    const endpoints = this.#options.project.endpoints.map((definition) => new ServedEndpoint(definition));
    const readiness = new Readiness(this.#context, endpoints);
    addOwnRoutes(this.app, this.#context, readiness, this.#metrics);
    let preparing: Promise<unknown> | undefined;
    this.app.addHook("onListen", async () => {
      // Under way before the first probe asks; what is missing is logged.
      preparing = readiness
        .report()
        .catch((error: unknown) => this.#options.log.error({ err: error }, "not ready"));
    });
    this.app.addHook("preClose", async () => readiness.stop());
    // State and engine are closed next, by whoever opened them.
    this.app.addHook("onClose", async () => {
      await preparing;
      await readiness.close();
      await this.#context.resources.close();
    });
    const routes = new Set(endpoints.map(({ definition }) => `${definition.method} ${definition.path}`));
    for (const served of endpoints) {
      const { method, path } = served.definition;
      this.#addEndpoint(served, served.label, undefined);
      if (method !== "GET" || path.endsWith("/")) continue;
      // The same answer by an extension, for those who cannot set a header; a route of the project goes first.
      for (const mediaType of served.offered) {
        const extension = mediaType === csv ? ".csv" : ".json";
        if (!path.endsWith(extension) && !routes.has(`${method} ${path}${extension}`)) {
          this.#addEndpoint(served, `${served.label}${extension}`, mediaType === csv ? csv : json);
        }
      }
    }
  }

  #addEndpoint(served: ServedEndpoint, url: string, mediaType: string | undefined): void {
    const { method } = served.definition;
    this.app.route({
      method: method === "GET" ? ["GET", "HEAD"] : method,
      url,
      handler: (request, reply) => {
        reply.hijack();
        void this.#serve(served, mediaType, request, reply);
      },
    });
  }

  async #serve(
    served: ServedEndpoint,
    mediaType: string | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const startedAt = performance.now();
    this.#metrics.started();
    let answered: Answered;
    try {
      const { id, params, query, headers, body, raw } = request;
      answered = await handleEndpoint(this.#context, served, {
        id,
        params,
        query,
        headers,
        body,
        mediaType,
        message: raw,
        response: reply.raw,
      });
    } catch (error) {
      answered = { status: this.#failed(error, request, reply, served) };
    }
    const seconds = (performance.now() - startedAt) / 1000;
    this.#metrics.ended(request.method, served.label, answered.status, seconds, answered.rowCount ?? 0);
  }

  /** Answers with a problem, and logs what is ours to mend. Gives the status. */
  #failed(error: unknown, request: FastifyRequest, reply: FastifyReply, served?: ServedEndpoint): number {
    const { log } = this.#options;
    const fields = {
      requestId: request.id,
      method: request.method,
      url: request.url,
      endpoint: served?.label,
    };
    if (error instanceof ClientLeft) {
      log.debug(fields, "the client left before the answer");
      return 499;
    }
    const context = {
      instance: request.url,
      requestId: request.id,
      expose: this.#options.exposeFailures === true,
    };
    const { status } = respondProblem(reply.raw, error, context, this.#options.redactor);
    const message = reasonOf(error);
    // What passes by itself is worth a line, what a person has to mend the whole error.
    if (status < 500) log.debug({ ...fields, status }, message);
    else if (error instanceof MillraceError && error.retryable) log.warn({ ...fields, status }, message);
    else log.error({ ...fields, status, err: error }, message);
    return status;
  }

  /** For whatever the framework or a route of our own throws. */
  #problem(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    reply.hijack();
    const failure = frameworkFailure(error, {
      contentType: request.headers["content-type"],
      bodyLimit: this.#bodyLimit,
    });
    const { url } = request.routeOptions;
    const status = this.#failed(failure, request, reply);
    this.#metrics.started();
    this.#metrics.ended(request.method, url ?? "(none)", status, reply.elapsedTime / 1000, 0);
  }

  #notFound(request: FastifyRequest, reply: FastifyReply): void {
    const [path = "/"] = request.url.split("?", 1);
    const allowed = this.#methods.of(path).filter((method) => method !== request.method);
    this.#problem(
      allowed.length > 0
        ? new MillraceError("METHOD_NOT_ALLOWED", {
            path,
            method: request.method,
            allowed: allowed.join(", "),
          })
        : new MillraceError("ROUTE_NOT_FOUND", { path }),
      request,
      reply,
    );
  }

  async #authenticate(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const [path = "/"] = request.url.split("?", 1);
    const { authorization } = request.headers;
    if (openPaths.has(path) || this.#tokens.nameOf(authorization) !== undefined) return undefined;
    const forBrowsers = isDocumentation(path);
    if (forBrowsers && this.#tokens.nameOfLogin(authorization) !== undefined) return undefined;
    this.#problem(new MillraceError("UNAUTHORIZED", forBrowsers ? { login: "basic" } : {}), request, reply);
    return reply;
  }
}
