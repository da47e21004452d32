import type * as z from "zod";
import type { Problem, Tagged } from "../brand.ts";
import { DefinitionSite } from "../definition-site.ts";
import type { OrderOptions } from "../op/op.ts";
import type { AnyObject, AnySchema } from "../schema.ts";
import { defineGraph } from "./define-graph.ts";
import type { GraphTools } from "./graph-tools.ts";
import type { GraphOutput, GraphResult, Input, Ref } from "./ref.ts";

/** The second argument of a graph's call. Without `config` where the graph has none that must be given. */
export type GraphCallOptions<Job, Config> = OrderOptions<Job> &
  ({} extends Config ? { readonly config?: Input<Config, Job> } : { readonly config: Input<Config, Job> });
type Rest<Job, Config> = {} extends Config
  ? [options?: GraphCallOptions<Job, Config>]
  : [options: GraphCallOptions<Job, Config>];

/** Called like an op: its steps become steps of whatever calls it. */
export interface Graph<In, Out, Config = {}> extends Tagged<"graph"> {
  <Job = unknown>(input: Input<In, Job>, ...rest: Rest<Job, Config>): Ref<Out, Job>;
}
/** A graph that is given nothing. */
export interface GraphWithoutInput<Out, Config = {}> extends Tagged<"graph"> {
  <Job = unknown>(
    ...rest: {} extends Config
      ? [input?: null, options?: GraphCallOptions<Job, Config>]
      : [input: null, options: GraphCallOptions<Job, Config>]
  ): Ref<Out, Job>;
}
type GraphOf<I extends AnySchema, Out, Config> = [I] extends [never]
  ? GraphWithoutInput<Out, Config>
  : Graph<z.input<I>, Out, Config>;

/** What the function of a graph is given. */
export type GraphContext<In, Config, Job> = GraphTools<Job> &
  ([In] extends [never] ? {} : { readonly input: Ref<In, Job> }) &
  ([Config] extends [never] ? {} : { readonly config: Ref<Config, Job> });

type Given<S extends AnySchema> = [S] extends [never] ? never : z.output<S>;
type ConfigIn<C extends AnyObject> = [C] extends [never] ? {} : z.input<C>;

export interface GraphOptions<I, C> {
  readonly description?: string;
  /** What a call gives: `z.object({ … })`, parsed once it is known. Nothing when absent. */
  readonly input?: I;
  /** What a call may set besides: the call maps config of its own, or values, on it. */
  readonly config?: C;
}
type GraphBody<N extends string, I extends AnySchema, C extends AnySchema, O> = [N] extends [""]
  ? { readonly graph?: Problem<"a graph needs a name"> }
  : [I] extends [never]
    ? { readonly graph: (context: GraphContext<never, Given<C>, N>) => O }
    : { readonly graph: (context: GraphContext<z.output<I>, Given<C>, N>) => O };

/**
 * Defines steps that belong together, to be called like one op, from any job or graph and as often as is wanted. Each
 * call's steps are steps of the caller's, named after the graph: `clean.fetch_page`.
 *
 * @param name Letters, digits, `_` and `-`
 * @throws INVALID_NAME, INVALID_OPTION and what is wrong with its function, when a job that calls it is loaded
 * @example
 * const clean = graph("clean", {
 *   input: z.object({ page: z.int() }),
 *   graph: ({ input }) => countWords({ text: fetchPage({ page: input.page }).html }),
 * });
 */
export function graph<
  const N extends string,
  I extends AnyObject = never,
  C extends AnyObject = never,
  O extends GraphOutput<N> = void,
>(name: N, options: GraphOptions<I, C> & GraphBody<N, I, C, O>): GraphOf<I, GraphResult<O, N>, ConfigIn<C>> {
  return defineGraph(name, options, DefinitionSite.above(graph)) as never;
}
