import * as z from "zod";
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiOverride,
  type ZodOpenApiResponsesObject,
  type ZodOpenApiSchemaObject,
} from "zod-openapi";
import type { EndpointDefinition } from "../core/endpoint/endpoint-definition.ts";
import { pathNames } from "../core/endpoint/route.ts";
import { rowSchema } from "../core/endpoint/returned-columns.ts";
import { decimalOf } from "../core/column/decimal.ts";
import type { AnyObject } from "../core/schema.ts";
import { snapshotHeader } from "./asked-snapshot.ts";
import { csv, json } from "./served-endpoint.ts";

export interface OpenApiOptions {
  readonly title: string;
  readonly version: string;
  readonly endpoints: readonly EndpointDefinition[];
  /** Requests need a bearer token. */
  readonly secured: boolean;
}

/** The API as an OpenAPI 3.1 document. Costs about a millisecond for each endpoint, so it is made when asked for. */
export function openApiDocument({ title, version, endpoints, secured }: OpenApiOptions): object {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  const names = operationNames(endpoints);
  for (const [index, definition] of endpoints.entries()) {
    const path = `/api${definition.path.replace(/:([A-Za-z_]\w*)/g, "{$1}")}`;
    (paths[path] ??= {})[definition.method.toLowerCase()] = operation(
      definition,
      names[index] ?? "",
      secured,
    );
  }
  return createDocument(
    {
      openapi: "3.1.0",
      info: { title, version },
      servers: [{ url: "/" }],
      paths,
      ...(secured ? { security: [{ bearer: [] }] } : {}),
      components: {
        schemas: { Problem: problem },
        headers: freshnessHeaders,
        responses: problemResponses,
        ...(secured ? { securitySchemes: { bearer: { type: "http", scheme: "bearer" } } } : {}),
      },
    },
    { override: wireOverride },
  );
}

function operation(
  definition: EndpointDefinition,
  operationId: string,
  secured: boolean,
): ZodOpenApiOperationObject {
  const { description, tags, body, exists, method } = definition;
  const parameters = requestParameters(definition);
  const [summary] = (description ?? "").split("\n", 1);
  return {
    operationId,
    ...(description === undefined ? {} : { summary: summary ?? "", description }),
    ...(tags.length === 0 ? {} : { tags: [...tags] }),
    ...(parameters === undefined ? {} : { requestParams: parameters }),
    ...(body === undefined ? {} : { requestBody: { required: true, content: { [json]: { schema: body } } } }),
    responses: {
      ...success(definition),
      ...(method === "GET"
        ? {
            "304": {
              description: "The answer that the client has is still good; the headers are those of now",
              headers: answerHeaders(definition),
            },
          }
        : {}),
      ...(secured ? { "401": { $ref: "#/components/responses/Unauthorized" } } : {}),
      ...(exists === undefined ? {} : { "404": { $ref: "#/components/responses/NotFound" } }),
      "406": { $ref: "#/components/responses/NotAcceptable" },
      ...(body === undefined
        ? {}
        : {
            "400": { $ref: "#/components/responses/BodyNotJson" },
            "413": { $ref: "#/components/responses/TooLarge" },
            "415": { $ref: "#/components/responses/MediaTypeUnsupported" },
          }),
      ...(body === undefined && rowSchema(definition.returns) !== undefined
        ? { "413": { $ref: "#/components/responses/TooLarge" } }
        : {}),
      ...(definition.reads.size === 0 ? {} : { "410": { $ref: "#/components/responses/Gone" } }),
      "422": { $ref: "#/components/responses/RequestInvalid" },
      "503": { $ref: "#/components/responses/Unavailable" },
    },
  };
}

const askedParameter = z
  .string()
  .optional()
  .meta({
    description:
      "The snapshot to answer from; the newest when absent. A token as an answer gives it, a number, a pinned name, or a time with its zone",
    examples: ["main@12"],
  });

function requestParameters({ path, params, query, headers, reads }: EndpointDefinition) {
  const names = pathNames(path);
  const inPath =
    params ??
    (names.length === 0 ? undefined : z.object(Object.fromEntries(names.map((n) => [n, z.string()]))));
  const asInput = (schema: AnyObject): z.ZodObject => schema as z.ZodObject;
  const asked = reads.size === 0 ? {} : { [snapshotHeader]: askedParameter };
  const shape = { ...headers?._zod.def.shape, ...asked };
  const header = Object.keys(shape).length === 0 ? undefined : z.object(shape);
  if (inPath === undefined && query === undefined && header === undefined) return undefined;
  return {
    ...(inPath === undefined ? {} : { path: asInput(inPath) }),
    ...(query === undefined ? {} : { query: asInput(query) }),
    ...(header === undefined ? {} : { header }),
  };
}

/** Of a good answer and of a 304, which is as fresh. */
function answerHeaders({ method, reads }: EndpointDefinition): Record<string, { $ref: string }> {
  const freshness = Object.keys(freshnessHeaders).filter((name) => name.startsWith("Millrace-"));
  const names = [
    ...(method === "GET" ? ["ETag"] : []),
    ...(reads.size > 0 ? freshness : ["Millrace-Snapshot"]),
  ];
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}

function success(definition: EndpointDefinition): ZodOpenApiResponsesObject {
  const { returns } = definition;
  const row = rowSchema(returns);
  const headers = {
    ...answerHeaders(definition),
    ...(row === undefined ? {} : { Link: { $ref: "#/components/headers/Link" } }),
  };
  return {
    "200": {
      description: "The answer",
      headers,
      content: {
        [json]: returns === undefined ? {} : { schema: returns },
        ...(row === undefined ? {} : { [csv]: { schema: { type: "string" } } }),
      },
    },
  };
}

/** Names are unique among operations: given ones as they are, the others made from the route. */
function operationNames(endpoints: readonly EndpointDefinition[]): readonly string[] {
  const used = new Set(endpoints.map(({ name }) => name).filter((name) => name !== undefined));
  return endpoints.map(({ name, method, path }) => {
    if (name !== undefined) return name;
    const made = `${method.toLowerCase()}${path.replace(/[^A-Za-z0-9]+/g, "_").replace(/_$/, "")}`;
    let free = made;
    for (let count = 2; used.has(free); count += 1) free = `${made}_${count}`;
    used.add(free);
    return free;
  });
}

/** What JSON Schema cannot say is shown as it is on the wire. */
const wireOverride: ZodOpenApiOverride = ({ jsonSchema, zodSchema }) => {
  const { def } = zodSchema._zod;
  if (def.type === "date") Object.assign(jsonSchema, { type: "string", format: "date-time" });
  else if (def.type === "bigint")
    Object.assign(jsonSchema, { type: "string", format: "int64", pattern: "^-?[0-9]+$" });
  else if (decimalOf(zodSchema) !== undefined)
    Object.assign(jsonSchema, { type: "string", format: "decimal" });
};

const problem: ZodOpenApiSchemaObject = {
  type: "object",
  description: "Problem details (RFC 9457)",
  required: ["type", "title", "status", "instance", "requestId"],
  properties: {
    type: { type: "string", format: "uri-reference" },
    title: { type: "string" },
    status: { type: "integer" },
    detail: { type: "string" },
    instance: { type: "string", format: "uri-reference" },
    code: { type: "string", description: "Stable code of the error" },
    requestId: { type: "string", description: "Names the request in the server's log" },
    errors: {
      type: "array",
      description: "Every mistake of the request",
      items: {
        type: "object",
        required: ["in", "path", "message", "code"],
        properties: {
          in: { type: "string", enum: ["params", "query", "headers", "body"] },
          path: { type: "string", format: "json-pointer" },
          message: { type: "string" },
          code: { type: "string" },
        },
      },
    },
  },
};

const text = (description: string) => ({ description, schema: { type: "string" } }) as const;
const freshnessHeaders = {
  ETag: text("Changes when the answer may change, and only then; send it back as If-None-Match"),
  Link: text('The next page, by rel="next"'),
  "Millrace-Snapshot": text("The snapshot that was read: environment@epoch:number"),
  "Millrace-Data-Versions": text(
    "Data version of each asset that was read, as a structured-field dictionary",
  ),
  "Millrace-As-Of": text(
    "The time up to which the data is complete: the oldest materialization among the assets read",
  ),
  "Millrace-Age": { description: "Seconds since Millrace-As-Of", schema: { type: "integer" } },
  "Millrace-Run": text("The runs that made the data, the newest first"),
  "Millrace-Unconfirmed": text("Present when state did not answer, and the last known snapshot was read"),
  "Millrace-Checks": text("Asset checks on the data: how many passed and failed, and which failed"),
} as const;

const response = (description: string) =>
  ({
    description,
    content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
  }) as const;
const problemResponses = {
  BodyNotJson: response("The body is not JSON"),
  Unauthorized: response("No valid bearer token"),
  NotFound: response("There is no such thing"),
  Gone: response("The snapshot asked for is no longer kept"),
  NotAcceptable: response("None of the formats asked for is offered"),
  TooLarge: response("The body, or the answer, is too large"),
  MediaTypeUnsupported: response("The body is of another type than JSON"),
  RequestInvalid: response("The request has mistakes; each one is in errors"),
  Unavailable: response("Not now: the query took too long, too many wait, or the data is not there yet"),
} as const;
