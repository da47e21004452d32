import type * as z from "zod";
import { isAsset, type AssetDefinition } from "../asset/asset-definition.ts";
import type { Dependencies, Handles, NamesOf } from "../asset/asset-types.ts";
import { parseDuration } from "../duration.ts";
import type { Query } from "../asset/handle.ts";
import type { Log } from "../asset/run-context.ts";
import type { Covariant, MaybePromise, Problem, Tagged } from "../brand.ts";
import { DefinitionSite } from "../definition-site.ts";
import { MillraceError } from "../errors.ts";
import { fittingOptions } from "../option-rules.ts";
import type { Unpartitioned } from "../partition/partition-types.ts";
import type { AnyObject, AnySchema } from "../schema.ts";
import type { Inputs, NotTaken, Resources } from "../resource/resource.ts";
import type { ResourceMap } from "../resource/resource-definition.ts";
import { takenBy, usedResources } from "../resource/used-resources.ts";
import type { Sql, SqlOne } from "../sql/sql.ts";
import { registerEndpoint, type EndpointDefinition } from "./endpoint-definition.ts";
import { endpointOptionRules } from "./endpoint-option-rules.ts";
import type { Page } from "./page.ts";
import type { Reply } from "./reply.ts";
import type { Method, ParamsFit, PathNames, PathParams, Route } from "./route.ts";

/** An endpoint, by the types that a test or client needs. */
export interface Endpoint<out R extends string, out In, out Out>
  extends Tagged<"endpoint">, Covariant<[In, Out]> {
  readonly route: R;
  /** Never read at run time. */
  readonly input?: In;
  readonly output?: Out;
}
// oxlint-disable-next-line no-explicit-any -- any input and output are meant
export type AnyEndpoint = Endpoint<string, any, any>;

/** What Millrace gives to every handler. */
export interface RequestContext {
  /** Aborted when the client leaves or the time limit passes. */
  readonly signal: AbortSignal;
  readonly log: Log;
  readonly url: URL;
}

type Part<K extends string, S extends AnySchema> = [S] extends [never]
  ? {}
  : { readonly [k in K]: z.output<S> };
type PartIn<K extends string, S extends AnySchema> = [S] extends [never]
  ? {}
  : {} extends z.input<S>
    ? { readonly [k in K]?: z.input<S> }
    : { readonly [k in K]: z.input<S> };
type Simple<T> = { [K in keyof T]: T[K] } & {};
type InputOf<
  R extends string,
  P extends AnySchema,
  Q extends AnySchema,
  H extends AnySchema,
  B extends AnySchema,
> = Simple<
  ([PathNames<R>] extends [never]
    ? {}
    : { readonly params: [P] extends [never] ? { readonly [K in PathNames<R>]: string } : z.input<P> }) &
    PartIn<"query", Q> &
    PartIn<"headers", H> &
    PartIn<"body", B>
>;

/** The second argument of a handler. A named alias on purpose: inference then matches its arguments one by one. */
export type EndpointContext<
  R extends string,
  P extends AnySchema,
  Q extends AnySchema,
  H extends AnySchema,
  B extends AnySchema,
> = RequestContext &
  ([PathNames<R>] extends [never] ? {} : { readonly params: PathParams<R, P> }) &
  Part<"query", Q> &
  Part<"headers", H> &
  Part<"body", B>;

/** What a handler may give back: a value, or SQL for a list of objects, `sql.one` for one object. */
export type HandlerResult<Out, Reads extends string> =
  | Out
  | Reply<Out>
  | (Out extends readonly object[] ? Sql<Reads> | Page<Reads> | Query<unknown> : never)
  | (Out extends readonly unknown[] ? never : Out extends object ? SqlOne<Reads> : never);

type Handler<O extends AnySchema, D, R, Context, Reads extends string> = [O] extends [never]
  ? {
      readonly handler: (reads: Inputs<D, Unpartitioned, R>, request: Context) => MaybePromise<unknown>;
    }
  : {
      readonly handler: (
        reads: Inputs<D, Unpartitioned, R>,
        request: Context,
      ) => MaybePromise<HandlerResult<z.input<O>, Reads>>;
    };

/** What endpoints of every shape can be told. */
export interface EndpointOptions {
  /** Shown by `millrace show` and in the API's own description; its first line is the summary there. */
  readonly description?: string;
  /** Groups of the API's own description. */
  readonly tags?: readonly string[];
  /** Operation id and name in lists; the name of the export when absent. */
  readonly name?: string;
  /** Longest time for an answer; "10s" when absent. The work stops then. */
  readonly timeLimit?: string;
  /** Most rows of an answer; 100,000 when absent. More is an error (413), never a silent cut. */
  readonly maxRows?: number;
  /**
   * Answers that are one SQL statement are cached exactly, by the data they read. "vouched": you vouch that equal data
   * and an equal request give an equal answer, so that answers computed in TypeScript are cached the same way.
   */
  readonly cache?: "vouched";
  /** Instead of the one derived from the code, which enters its ETags: a new text makes clients fetch anew. */
  readonly codeVersion?: string;
}

/**
 * Defines an endpoint, a node of the same graph as assets: `reads` is its lineage, its cache key and its freshness.
 * It is served under `/api`.
 *
 * @param route Method and path; `:name` is a path parameter
 * @throws INVALID_OPTION, ENDPOINT_ROUTE_CLASH and the like when the project is loaded, with file and line
 * @example
 * export const airportDelays = endpoint("GET /airports/:iata/delays", {
 *   params: z.object({ iata: z.string().length(3) }),
 *   reads: { dailyDelays },
 *   returns: z.array(DailyDelay),
 *   handler: ({ dailyDelays }, { params }) => sql`select * from ${dailyDelays} where origin = ${params.iata} order by day`,
 * });
 */
export function endpoint<
  const R extends Route,
  P extends AnyObject = never,
  Q extends AnyObject = never,
  H extends AnyObject = never,
  B extends AnySchema = never,
  D extends Dependencies = {},
  O extends AnySchema = never,
  Res extends Resources = {},
>(
  route: R,
  options: EndpointOptions & {
    readonly params?: P & ParamsFit<NoInfer<R>, NoInfer<P>>;
    readonly query?: Q;
    readonly headers?: H;
    readonly body?: R extends `GET ${string}` ? Problem<"GET has no body"> : B;
    readonly reads?: D;
    /**
     * What the handler works with; instances come beside what it reads. They are made before the server is ready. What an
     * answer then depends on is not known, so no answer is a 304 before it is computed, unless its author vouches for it.
     */
    readonly resources?: Res & NotTaken<NoInfer<Res>, NoInfer<D>>;
    readonly returns?: O;
    /**
     * SQL that must give a row, else the answer is 404 with this title: for "no such airport". Asked for lists without
     * rows and for computed objects; a list with rows shows by itself that there is such a thing.
     */
    readonly exists?: {
      readonly title: string;
      readonly sql: (
        reads: Handles<NoInfer<D>, Unpartitioned>,
        request: EndpointContext<NoInfer<R>, NoInfer<P>, NoInfer<Q>, NoInfer<H>, NoInfer<B>>,
      ) => Sql<NamesOf<NoInfer<D>>>;
    };
  } & Handler<O, D, Res, EndpointContext<R, P, Q, H, B>, NamesOf<D>>,
): Endpoint<R, InputOf<R, P, Q, H, B>, [O] extends [never] ? unknown : z.output<O>> {
  return define(route, options as unknown as AnyOptions, DefinitionSite.above(endpoint)) as never;
}

type AnyOptions = EndpointOptions &
  Partial<Pick<EndpointDefinition, "params" | "query" | "headers" | "body" | "returns" | "exists">> & {
    readonly reads?: Readonly<Record<string, unknown>>;
    readonly resources?: Readonly<Record<string, unknown>>;
    readonly handler: EndpointDefinition["handler"];
  };

function define(givenRoute: unknown, given: AnyOptions, site: DefinitionSite): EndpointDefinition {
  const route = typeof givenRoute === "string" ? givenRoute : "";
  // Collected, not thrown: the project reports the mistakes of all its definitions at once.
  const problems: MillraceError[] = [];
  const invalid = (reason: string): void => {
    const place = { endpoint: route, ...site.place };
    const key = route === "" ? '""' : route;
    problems.push(new MillraceError("INVALID_OPTION", { what: "endpoint", key, reason }, { place }));
  };
  const [method = "", path = "", ...rest] = route.split(" ");
  if (rest.length > 0 || !/^\/[^?#\s]*$/.test(path) || !/^(GET|POST|PUT|PATCH|DELETE)$/.test(method)) {
    invalid("a route is a method and a path, for instance GET /airports/:iata/delays");
  }
  const options = fittingOptions(given, endpointOptionRules, invalid);
  if (method === "GET" && options.body !== undefined) invalid("GET has no body");
  const timeLimitMs = parseDuration(options.timeLimit ?? "10s");
  if (timeLimitMs === undefined) {
    invalid(`timeLimit ${JSON.stringify(options.timeLimit)} is no duration; write it like "2s"`);
  }
  const maxRows = options.maxRows ?? 100_000;
  if (!Number.isInteger(maxRows) || maxRows < 1) invalid("maxRows must be a whole number above 0");
  if (typeof options.handler !== "function") invalid("handler must be a function");
  const reads = new Map<string, AssetDefinition>();
  for (const [name, read] of Object.entries(options.reads ?? {})) {
    if (isAsset(read)) reads.set(name, read);
    else invalid(`reads.${name} is no asset`);
  }
  return registerEndpoint({
    route,
    method: method as Method,
    path,
    name: options.name,
    description: options.description,
    tags: options.tags ?? [],
    params: options.params,
    query: options.query,
    headers: options.headers,
    body: options.body,
    returns: options.returns,
    reads,
    resources: resourcesOf(options.resources, reads, invalid),
    handler: options.handler,
    exists: options.exists,
    cache: options.cache ?? "derived",
    timeLimitMs: timeLimitMs ?? 10_000,
    maxRows,
    codeVersion: options.codeVersion,
    problems,
    site,
  } satisfies EndpointDefinition);
}

/** No run surrounds a request. */
function resourcesOf(
  given: Readonly<Record<string, unknown>> | undefined,
  reads: ReadonlyMap<string, AssetDefinition>,
  invalid: (reason: string) => void,
): ResourceMap {
  const resources = usedResources(given, takenBy(reads.keys()), invalid);
  for (const [name, { scope }] of resources) {
    if (scope === "run") invalid(`resources.${name} lives as long as a run: an endpoint has none`);
  }
  return resources;
}
