import { isEndpoint } from "../core/endpoint/endpoint-definition.ts";
import type { AnyEndpoint } from "../core/endpoint/endpoint.ts";
import { MillraceError } from "../core/errors.ts";
import { createServer } from "../serving/server.ts";
import { clockAt } from "./fake-clock.ts";
import { makeBefore } from "./make-before.ts";
import type { TestOptions } from "./test-options.ts";
import { testProject } from "./test-project.ts";
import { openTestWorld } from "./test-world.ts";

/** An answer as a client would get it. */
export interface EndpointAnswer<Body> {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON of an answer with a status below 400; a problem document otherwise. Typed as what the endpoint returns. */
  readonly body: Body;
  readonly text: string;
}

type InputOf<E> = E extends { readonly input?: infer In } ? Exclude<In, undefined> : never;
type OutputOf<E> = E extends { readonly output?: infer Out } ? Exclude<Out, undefined> : never;
type Arguments<E> =
  {} extends InputOf<E> ? [input?: InputOf<E> & TestOptions] : [input: InputOf<E> & TestOptions];

interface AnyInput extends TestOptions {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

/**
 * Calls an endpoint in memory, through everything a request goes through but the socket: parsing, validation, the
 * handler, the engine, encoding. What it reads and is not given is materialized first.
 *
 * @example
 * const answer = await callEndpoint(airportDelays, {
 *   params: { iata: "SFO" }, query: { from: "2001-01-01", to: "2001-01-31" },
 *   given: [given(dailyDelays, rows)],
 * });
 * assert.equal(answer.status, 200);
 */
export async function callEndpoint<E extends AnyEndpoint>(
  endpoint: E,
  ...[input]: Arguments<E>
): Promise<EndpointAnswer<OutputOf<E>>> {
  const definition: unknown = endpoint;
  if (!isEndpoint(definition)) {
    const reason = "the first argument is no endpoint";
    throw new MillraceError("INVALID_OPTION", { what: "callEndpoint", key: "endpoint", reason });
  }
  const request: AnyInput = input ?? {};
  const made = testProject({ endpoints: [definition] }, request);
  const world = await openTestWorld(made.project, process.cwd(), clockAt(request.now));
  try {
    await makeBefore(made.project.assets, "the endpoint", world.open.context);
    const { context } = world.open;
    const server = await createServer({
      project: made.project,
      scope: context.scope,
      state: context.state,
      engine: world.reading.tables,
      reader: world.reading.reader,
      resources: await world.open.resources.pool(),
      assets: context.known,
      codeVersionOf: world.open.endpointCodeVersionOf,
      tokens: [],
      log: silent,
      version: "test",
      now: () => context.clock.now(),
      exposeFailures: true,
    });
    try {
      const answer = await server.inject({
        method: definition.method,
        url: urlOf(definition.path, request),
        headers: asText(request.headers),
        ...(request.body === undefined
          ? {}
          : {
              payload: JSON.stringify(request.body),
              headers: { "content-type": "application/json", ...asText(request.headers) },
            }),
      });
      const headers = new Headers();
      for (const [name, value] of Object.entries(answer.headers)) headers.set(name, String(value));
      const text = answer.body;
      const isJson = /json/.test(headers.get("content-type") ?? "");
      const body: unknown = isJson ? JSON.parse(text) : text;
      return { status: answer.statusCode, headers, body: body as OutputOf<E>, text };
    } finally {
      await server.close();
    }
  } finally {
    await world.close();
  }
}

const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

function urlOf(path: string, { params = {}, query = {} }: AnyInput): string {
  const filled = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(textOf(params[name] ?? "")));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const item of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (item !== undefined) search.append(name, textOf(item));
    }
  }
  return search.size === 0 ? `/api${filled}` : `/api${filled}?${search.toString()}`;
}

function textOf(value: unknown): string {
  return value instanceof Date ? value.toISOString() : String(value);
}

function asText(headers: Readonly<Record<string, unknown>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
