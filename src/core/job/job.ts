import type * as z from "zod";
import type { AnyAsset } from "../asset/asset-types.ts";
import type { Covariant, Problem, Tagged } from "../brand.ts";
import { DefinitionSite } from "../definition-site.ts";
import type { GraphTools } from "../graph/graph-tools.ts";
import type { AnyRef, GraphOutput, GraphResult, Ref, Refs } from "../graph/ref.ts";
import type { AnyPartitions, PartitionOf, Unpartitioned } from "../partition/partition-types.ts";
import type { RunHooks } from "../hook/hook.ts";
import type { PublishPolicy } from "../run/publish-policy.ts";
import type { StepPolicyOptions } from "../run/step-policy.ts";
import type { AnyObject, AnySchema } from "../schema.ts";
import { defineJob } from "./define-job.ts";

/** Something to do, as a whole: what `millrace run` starts. The type carries what its config and its partitions are, and what it gives. */
export interface Job<
  out Name extends string,
  out ConfigIn = {},
  out P extends AnyPartitions = Unpartitioned,
  out Out = void,
>
  extends Tagged<"job">, Covariant<{ readonly config: ConfigIn; readonly output: Out }> {
  readonly name: Name;
  readonly partitions: P;
}
/* oxlint-disable no-explicit-any -- "whatever it is": variance forbids unknown here */
export type AnyJob = Job<string, any, any, any>;
/** What a run of the job may be told, as its config's schema takes it. */
export type JobConfigOf<J> = J extends Job<string, infer C, any, any> ? C : never;
/** What a run of the job comes to. */
export type JobOutputOf<J> = J extends Job<string, any, any, infer O> ? O : never;
/* oxlint-enable no-explicit-any */

/** Assets, or a text that says which: "group:daily", "+daily_delays". */
export type AssetSelection = string | AnyAsset | readonly (string | AnyAsset)[];

export interface MaterializeOptions<Job> {
  /** After these, whatever the assets read. */
  readonly after?: AnyRef<Job> | readonly AnyRef<Job>[];
  /** Which partition of them, by its key; that of the run when absent. */
  readonly partition?: Refs<string, Job>;
  /** Its name in the graph; `materialize`, `materialize_2` and so on when absent. */
  readonly name?: string;
}

/** What the function of a job is given. */
export type JobContext<Config, P, Job> = GraphTools<Job> & {
  /** Makes assets, as `millrace materialize` does. Not within a `map`. */
  readonly materialize: (assets: AssetSelection, options?: MaterializeOptions<Job>) => Ref<void, Job>;
} & ([Config] extends [never] ? {} : { readonly config: Ref<Config, Job> }) &
  (P extends Unpartitioned ? {} : { readonly partition: Ref<PartitionOf<P>, Job> });

/** `retry` and `timeout` are for attempts at steps that say nothing themselves. */
export interface JobOptions<C, P, A> extends StepPolicyOptions {
  readonly description?: string;
  /** What a run may set. */
  readonly config?: C;
  /** A run does one of these; of a job over assets when absent those of the assets. */
  readonly partitions?: P;
  /** The assets to make, for a job without a graph. */
  readonly assets?: A;
  /** How long the steps of a run may take together: "30m", "2h". No limit when absent; `--timeout` says otherwise. */
  readonly runTimeout?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** When what its runs make becomes current: "run", all at their end (when absent), or "step", each as it has passed. */
  readonly publish?: PublishPolicy;
  /** What to do once a run of it has ended, or a step of one. */
  readonly hooks?: RunHooks;
}

type Given<S extends AnySchema> = [S] extends [never] ? never : z.output<S>;
type Own<P> = [P] extends [never] ? Unpartitioned : P;
type JobWork<A, N extends string, C extends AnySchema, P, O> = [A] extends [never]
  ? { readonly graph: (context: JobContext<Given<C>, Own<P>, N>) => O }
  : { readonly graph?: Problem<"a job has one of `graph`, `assets`"> | undefined };
type PartitionsOf<A> = A extends { readonly partitions: infer P } ? P : never;
type Selected<A> = Exclude<PartitionsOf<A extends readonly (infer E)[] ? E : A>, Unpartitioned>;
type JobPartitions<P, A> = [P] extends [never]
  ? [Selected<A>] extends [never]
    ? Unpartitioned
    : Extract<Selected<A>, AnyPartitions>
  : Extract<P, AnyPartitions>;

/**
 * Defines a job: a `graph` of ops, in which assets can be made too, or the `assets` of a selection.
 *
 * The graph function is called once, when the project is loaded: it says how steps fit together, and does none of them.
 *
 * @param name Letters, digits, `_` and `-`. It is the job's identity.
 * @throws INVALID_NAME, INVALID_OPTION and what is wrong with its graph, when the project is loaded, with file and line
 * @example
 * export const ingest = job("ingest", {
 *   config: z.object({ pages: z.int().default(10) }),
 *   graph: ({ config, map }) => mergePages({ parts: map(listPages({ count: config.pages }), (page) => fetchPage({ page })) }),
 * });
 * export const nightly = job("nightly", { assets: "group:daily" });
 */
export function job<
  const N extends string,
  C extends AnyObject = never,
  P extends AnyPartitions = never,
  const A extends AssetSelection = never,
  O extends GraphOutput<N> = void,
>(
  name: N,
  options: JobOptions<C, P, A> & JobWork<A, N, C, P, O>,
): Job<N, [C] extends [never] ? {} : z.input<C>, JobPartitions<P, A>, GraphResult<O, N>> {
  return defineJob(name, options, DefinitionSite.above(job)) as never;
}
