import type * as z from "zod";
import type { Handles } from "../asset/asset-types.ts";
import { retry as retryRule } from "../asset/asset-option-rules.ts";
import { noRetry, retryPolicy, type RetryOptions } from "../asset/retry.ts";
import type { Log } from "../asset/run-context.ts";
import type { Covariant, MaybePromise, Problem, Tagged } from "../brand.ts";
import type { WithVariables } from "../config/env.ts";
import { DefinitionSite } from "../definition-site.ts";
import { MillraceError } from "../errors.ts";
import {
  callable,
  fittingOptions,
  flag,
  objectSchema,
  oneOf,
  text,
  type OptionRules,
} from "../option-rules.ts";
import type { AnyObject } from "../schema.ts";
import {
  registerResourceConfig,
  type ConfiguredResource,
  type ResourceConfig,
} from "./configured-resource.ts";
import { registerResource, type ResourceDefinition } from "./resource-definition.ts";
import { resourcesFor, usedResources } from "./used-resources.ts";

/** Something that code works with and that has to be opened and closed: a client, a pool, a model. `T` is an instance. */
export interface Resource<out T, out Name extends string = string, in Config = never>
  extends Tagged<"resource">, Covariant<T> {
  readonly name: Name;
  /**
   * The resource with a config, for `defineProject` and for tests. In the place of a text, a number or a boolean `env` may
   * stand.
   */
  readonly with: (config: Config) => ConfiguredResource;
}
/* oxlint-disable no-explicit-any -- any instance is meant; it is covariant in it */
/** Resources, under the names that a function uses. */
export type Resources = Readonly<Record<string, Resource<any>>>;
/** Their instances. */
export type Instances<R> = {
  readonly [K in keyof R]: R[K] extends Resource<infer T> ? T : never;
};
/** An instance of it, for functions written outside a definition. */
export type InstanceOf<R extends Resource<any>> = R extends Resource<infer T> ? T : never;
/* oxlint-enable no-explicit-any */

/** The first argument of a function: what it reads and what it works with. Named on purpose: inference matches its arguments. */
export type Inputs<D, P, R> = Handles<D, P> & Instances<R>;

/** Names that are taken in the first argument of a function. */
export type NotTaken<R, Taken> = {
  readonly [
    K in keyof R & keyof Taken
  ]: Problem<`\`${K & string}\` is a dependency too: give one of them another name`>;
};

/** What Millrace gives to `create`. */
export interface CreateContext {
  readonly log: Log;
  /** Aborted when nobody waits for the instance any longer: the run is canceled, the process is about to end. */
  readonly signal: AbortSignal;
  /**
   * What to do once the instance is no longer needed, also after a failure. What was deferred last is done first. Each
   * is waited for 10 seconds; one that fails is logged, and the others are done all the same.
   */
  readonly defer: (dispose: () => unknown) => void;
}

/** What Millrace gives to a health check. */
export interface HealthContext {
  readonly log: Log;
  /** Aborted after the 10 seconds that a check may take, and when nobody waits for it any longer. */
  readonly signal: AbortSignal;
}

/** What may be given to `with`. */
type ConfigOf<S extends AnyObject> = [S] extends [never] ? never : WithVariables<z.input<S>>;
type ConfigPart<S extends AnyObject> = [S] extends [never] ? {} : { readonly config: z.output<S> };

/**
 * Defines a resource: opened when code first asks for it, one for the process or for the run, and closed at the end, in
 * reverse order, whatever happened.
 *
 * @param name Its identity, by which config and commands know it: letters, digits, `_` and `-`
 * @throws INVALID_OPTION and the like when the project is loaded, with file and line; RESOURCE_FAILED when code needs it
 *   and it cannot be made
 * @example
 * export const warehouse = resource("warehouse", {
 *   config: z.object({ url: z.url() }),
 *   create: async (_, { config, defer }) => {
 *     const client = new Client(config.url);
 *     defer(() => client.end());
 *     await client.connect();
 *     return client;
 *   },
 *   check: (client) => client.query("select 1"),
 *   retry: { max: 3, delay: "1s" },
 * });
 */
export function resource<const N extends string, T, S extends AnyObject = never, R extends Resources = {}>(
  name: N,
  options: {
    readonly description?: string;
    /** What it can be told from outside, for instance where it is. Given by `defineProject` and by the config of a run. */
    readonly config?: S;
    /** Those that it is made of: instances come in the first argument of `create`. */
    readonly resources?: R;
    /** Who shares an instance: all runs and endpoints of the process ("process", when absent), or the steps of a run. */
    readonly scope?: "process" | "run";
    /** Makes an instance. What it opens it closes by `defer`, given before anything else can fail. */
    readonly create: (resources: Instances<R>, context: CreateContext & ConfigPart<S>) => MaybePromise<T>;
    /**
     * Is it fit? Throws, or gives false, when it is not. Asked when it was made, and again when an instance that is there
     * already is handed to another run: one that is not fit is replaced once. Written after `create`, which tells its type.
     */
    readonly check?: (instance: NoInfer<T>, context: HealthContext) => unknown;
    /** Tries after a failed `create`, or one whose instance did not pass its check; none when absent. */
    readonly retry?: RetryOptions;
    /**
     * What it is configured with decides what assets hold (a schema, a model's name): then another config makes the assets
     * stale that work with it. False when absent.
     */
    readonly affectsData?: boolean;
  },
): Resource<T, N, ConfigOf<S>> {
  return define(name, options as unknown as GivenResource, DefinitionSite.above(resource)) as never;
}

type GivenResource = Partial<Omit<ResourceDefinition, "resources" | "retry">> & {
  readonly resources?: Readonly<Record<string, unknown>>;
  readonly retry?: RetryOptions;
};

const optionRules: OptionRules = {
  description: text,
  config: objectSchema,
  resources: resourcesFor("create"),
  scope: oneOf("process", "run"),
  create: callable,
  check: callable,
  retry: retryRule,
  affectsData: flag,
};

function define(givenName: unknown, given: GivenResource, site: DefinitionSite): ResourceDefinition {
  const name = typeof givenName === "string" ? givenName : "";
  const problems: MillraceError[] = [];
  const invalid = (reason: string): void => {
    const details = { what: "resource", key: name === "" ? '""' : name, reason };
    problems.push(new MillraceError("INVALID_OPTION", details, { place: { resource: name, ...site.place } }));
  };
  const options = fittingOptions(given, optionRules, invalid);
  const resources = usedResources(options.resources, new Map(), invalid);
  const { scope = "process", description, config, create, check, affectsData = false } = options;
  for (const [used, nested] of resources) {
    if (scope === "process" && nested.scope === "run")
      invalid(
        `it lives as long as the process, and its resource ${used} only as long as a run; give it scope: "run"`,
      );
  }
  if (create === undefined && problems.length === 0) invalid("it needs create, a function");
  const retry = retryPolicy(options.retry);
  if (retry === undefined) invalid('retry needs max (a whole number) and a delay such as "2s"');
  const definition: ResourceDefinition = registerResource({
    name,
    description,
    config,
    resources,
    scope,
    create: create ?? (() => undefined),
    check,
    retry: retry ?? noRetry,
    affectsData,
    problems,
    site,
    with: configured,
  });
  function configured(given: unknown): ResourceConfig {
    return registerResourceConfig({
      name,
      resource: definition,
      config: given,
      site: DefinitionSite.above(configured),
    });
  }
  return definition;
}
