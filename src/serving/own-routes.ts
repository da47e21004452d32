import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
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
  let openApi: string | undefined;
  app.get("/api/openapi.json", (_, reply) => {
    openApi ??= JSON.stringify(
      openApiDocument({
        title: project.name,
        version,
        endpoints: project.endpoints,
        secured: tokens.length > 0,
      }),
    );
    return reply.type("application/json").header("cache-control", "no-cache").send(openApi);
  });

  const docs = new DocsPage(project.name);
  const sendDocs = async (request: FastifyRequest, reply: FastifyReply) => {
    const file = await docs.file(request.url);
    if (file.location !== undefined) reply.header("location", file.location);
    return reply.code(file.status).type(file.type).header("cache-control", "no-cache").send(file.body);
  };
  app.get("/api/docs", sendDocs);
  app.get("/api/docs/", sendDocs);
  app.get("/api/docs/js/scalar.js", sendDocs);
  app.addHook("onClose", () => docs.close());

  app.get("/healthz", (_, reply) => reply.header("cache-control", "no-store").send({ status: "ok" }));
  app.get("/readyz", async (_, reply) => {
    const report = await readiness.report();
    return reply
      .code(report.ready ? 200 : 503)
      .header("cache-control", "no-store")
      .send(report);
  });
  app.get("/metrics", async (_, reply) => reply.type(metrics.contentType).send(await metrics.text()));
  app.get("/_millrace/v1/status", async (_, reply) => {
    const { head, unconfirmed } = await context.heads.read();
    return reply.header("cache-control", "no-store").send({
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
