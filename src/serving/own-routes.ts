import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod } from "fastify";
import { respond } from "./respond.ts";
import { DocsPage } from "./docs-page.ts";
import type { ServingContext } from "./serving-context.ts";
import { openApiDocument } from "./openapi-document.ts";
import type { Readiness } from "./readiness.ts";
import type { ServingMetrics } from "./serving-metrics.ts";

/** Routes of Millrace itself. Those below `/api` are reserved for it (`reservedPaths`). */
export function addOwnRoutes(
  app: FastifyInstance,
  context: ServingContext,
  readiness: Readiness,
  metrics: ServingMetrics,
): void {
  const { project, scope, tokens, version } = context.options;
  // Every answer goes through `respond`, which leaves the body out for HEAD.
  const get = (url: string, handler: RouteHandlerMethod): void => {
    app.route({ method: ["GET", "HEAD"], url, handler });
  };
  let openApi: string | undefined;
  get("/api/openapi.json", (_, reply) => {
    openApi ??= JSON.stringify(
      openApiDocument({
        title: project.name,
        version,
        endpoints: project.endpoints,
        secured: tokens.length > 0,
      }),
    );
    send(reply, 200, ["Content-Type", json, "Cache-Control", "no-cache"], openApi);
  });

  const docs = new DocsPage(project.name);
  const sendDocs = async (request: FastifyRequest, reply: FastifyReply) => {
    const file = await docs.file(request.url);
    const location = file.location === undefined ? [] : ["Location", file.location];
    const headers = ["Content-Type", file.type, "Cache-Control", "no-cache", ...location];
    send(reply, file.status, headers, file.body);
  };
  get("/api/docs", sendDocs);
  get("/api/docs/", sendDocs);
  get("/api/docs/js/scalar.js", sendDocs);
  app.addHook("onClose", () => docs.close());

  // Whoever opens the server in a browser finds something; for now that is the documentation.
  get("/", (_, reply) => send(reply, 302, ["Location", "/api/docs", "Cache-Control", "no-cache"]));

  get("/healthz", (_, reply) => sendFresh(reply, 200, { status: "ok" }));
  get("/readyz", async (_, reply) => {
    const report = await readiness.report();
    sendFresh(reply, report.ready ? 200 : 503, report);
  });
  get("/metrics", async (_, reply) => {
    const text = await metrics.text();
    send(reply, 200, ["Content-Type", metrics.contentType], text);
  });
  get("/_millrace/v1/status", async (_, reply) => {
    const { head, unconfirmed } = await context.heads.read();
    sendFresh(reply, 200, {
      version,
      project: project.name,
      environment: scope.environment,
      snapshot: {
        epoch: head.epoch,
        number: head.number,
        publishedAt: head.number === 0 ? null : new Date(head.publishedAt).toISOString(),
        unconfirmed,
      },
    });
  });
}

const json = "application/json; charset=utf-8";

/** As endpoints answer, so that header names are written alike everywhere: the framework's reply lowers them. */
function send(reply: FastifyReply, status: number, headers: readonly string[], body?: string | Buffer): void {
  reply.hijack();
  respond(reply.raw, status, headers, body);
}

function sendFresh(reply: FastifyReply, status: number, value: object): void {
  send(reply, status, ["Content-Type", json, "Cache-Control", "no-store"], JSON.stringify(value));
}
