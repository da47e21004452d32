import type * as z from "zod";
import type { Dependencies } from "../asset/asset-types.ts";
import type { AttemptContext, CheckpointContext } from "../asset/run-context.ts";
import type { Skipped } from "../asset/skip.ts";
import type { MaybePromise, Problem, Tagged } from "../brand.ts";
import { DefinitionSite } from "../definition-site.ts";
import type { StepHooks } from "../hook/hook.ts";
import type { AnyRef, Input, Ref } from "../graph/ref.ts";
import type { KeyPartition, TimePartition, Unpartitioned } from "../partition/partition-types.ts";
import type { Inputs, NotTaken, Resources } from "../resource/resource.ts";
import type { TriggerRule } from "../run/trigger-rule.ts";
import type { StepPolicyOptions } from "../run/step-policy.ts";
import type { AnyObject, AnySchema } from "../schema.ts";
import { defineOp } from "./define-op.ts";

/** What a call says of when its step runs. */
export interface OrderOptions<Job> {
  /** Its name in the graph and of its step; the op's own, with a number where that is taken, when absent. */
  readonly name?: string;
  /** Runs after these, whatever it is given: ordering only. */
  readonly after?: AnyRef<Job> | readonly AnyRef<Job>[];
}

/** The second argument of an op's call. */
export interface CallOptions<Job, Config = {}> extends OrderOptions<Job>, StepPolicyOptions {
  /**
   * What must have become of what it is given and waits for; "all_success" when absent, and then it is skipped where
   * something of that was. With "one_success" or "all_done" it gets undefined for what there is not.
   */
  readonly triggerRule?: TriggerRule;
  /** The op's config for this call. A run then says nothing of it. */
  readonly config?: Input<Config, Job>;
}

/** Called in the function of a graph or a job: a step of it. Gives a ref of what the step will give. */
export interface Op<In, Out, Config = {}> extends Tagged<"op"> {
  <Job = unknown>(input: Input<In, Job>, options?: CallOptions<Job, Config>): Ref<Out, Job>;
}
/** An op that is given nothing. */
export interface OpWithoutInput<Out, Config = {}> extends Tagged<"op"> {
  <Job = unknown>(input?: null, options?: CallOptions<Job, Config>): Ref<Out, Job>;
}

declare const parsing: unique symbol;
/** Of an op whose schemas change what goes in or comes out: what its code gets and gives. */
interface Parsing<out Given, out Gives> {
  readonly [parsing]: { readonly given: Given; readonly gives: Gives };
}

type ConfigIn<C extends AnyObject> = [C] extends [never] ? {} : z.input<C>;
type OpOf<I extends AnySchema, O extends AnySchema, Config> = [I] extends [never]
  ? OpWithoutInput<z.output<O>, Config> & ParsingOf<null, null, O>
  : Op<z.input<I>, z.output<O>, Config> & ParsingOf<z.input<I>, z.output<I>, O>;
/** Nothing for most, so that what an IDE shows of an op stays short: an input with its defaults put in is still one. */
type ParsingOf<In, Given, O extends AnySchema> = [Given, z.input<O>, z.output<O>] extends [
  In,
  z.output<O>,
  z.input<O>,
]
  ? unknown
  : Parsing<Given, z.input<O>>;

/* oxlint-disable no-explicit-any -- "whatever it is": variance forbids unknown here */
export type AnyOp = Op<any, any, any> | OpWithoutInput<any, any>;
/** What a call of the op gives it, before its schema has seen it; null for one that takes nothing. */
export type OpInputOf<O> =
  O extends Op<infer In, any, any> ? In : O extends OpWithoutInput<any, any> ? null : never;
/** What a step of the op gives to others. */
export type OpOutputOf<O> =
  O extends Op<any, infer Out, any> ? Out : O extends OpWithoutInput<infer Out, any> ? Out : never;
/** What a run may say of its config. */
export type OpConfigOf<O> =
  O extends Op<any, any, infer C> ? C : O extends OpWithoutInput<any, infer C> ? C : never;
/* oxlint-enable no-explicit-any */
/** The first argument of the op's code, without what it reads and works with. */
export type OpGivenOf<O> =
  O extends Parsing<infer Given, unknown> ? InputPart<Given> : InputPart<OpInputOf<O>>;
type InputPart<In> = [In] extends [null] ? {} : { readonly input: In };
/** What the op's code may give back. */
export type OpGivesOf<O> = O extends Parsing<unknown, infer Gives> ? Gives : OpOutputOf<O>;

/** The second argument of an op's `run`: what Millrace gives. */
export type OpContext<Config = never> = AttemptContext &
  CheckpointContext &
  ([Config] extends [never] ? {} : { readonly config: Config }) & {
    /** That of the run, where its job has partitions. */
    readonly partition: TimePartition | KeyPartition | undefined;
  };
/** The first: what the author named. */
export type OpNamed<In, D, R = {}> = ([In] extends [never] ? {} : { readonly input: In }) &
  Inputs<D, Unpartitioned, R>;

type Given<S extends AnySchema> = [S] extends [never] ? never : z.output<S>;
type NotNamedInput<D> = {
  readonly [K in keyof D & "input"]: Problem<"`input` is the op's own: give it another key">;
};

export interface OpOptions<I, O, C, D, R = {}> extends StepPolicyOptions {
  readonly description?: string;
  /** What a call gives: `z.object({ … })`, parsed before `run` gets it. Nothing when absent. */
  readonly input?: I;
  /** What `run` gives back, parsed before others get it. Nothing when absent. */
  readonly output?: O;
  /** What a run may set, by the op's name. */
  readonly config?: C;
  /** Assets that `run` reads, under the names it uses: all partitions of those that have some. */
  readonly deps?: D & NotNamedInput<NoInfer<D>>;
  /** What `run` works with, under the names it uses; instances come beside what it reads. */
  readonly resources?: R & NotNamedInput<NoInfer<R>> & NotTaken<NoInfer<R>, NoInfer<D>>;
  readonly tags?: Readonly<Record<string, string>>;
  /** What to do once a step of it has succeeded, or has failed for good. */
  readonly hooks?: StepHooks;
  /** Instead of the one derived from the code: with a new text a run that is resumed does its steps again. */
  readonly codeVersion?: string;
}

/** Conditional on purpose, as for assets: errors land where the mistake is. */
type OpBody<I extends AnySchema, O extends AnySchema, C extends AnySchema, D, R> = [I] extends [never]
  ? {
      readonly run: (
        named: OpNamed<never, D, R>,
        context: OpContext<Given<C>>,
      ) => MaybePromise<z.input<O> | Skipped>;
    }
  : {
      readonly run: (
        named: OpNamed<z.output<I>, D, R>,
        context: OpContext<Given<C>>,
      ) => MaybePromise<z.input<O> | Skipped>;
    };

/**
 * Defines something to do: a call of another system, a computation, maintenance. It is called in the function of a
 * `graph` or a `job`, with values or with refs of what other steps give, and each call is a step.
 *
 * @param name Letters, digits, `_` and `-`. Its steps are named after it.
 * @throws INVALID_NAME, INVALID_OPTION when the project is loaded, with file and line; OP_CALLED_OUTSIDE_GRAPH when it is
 *   called anywhere else
 * @example
 * const fetchPage = op("fetch_page", {
 *   input: z.object({ page: z.int() }),
 *   output: z.object({ html: z.string() }),
 *   run: async ({ input }, { signal }) => ({ html: await (await fetch(`${site}/${input.page}`, { signal })).text() }),
 * });
 */
export function op<
  I extends AnyObject = never,
  O extends AnySchema = z.core.$ZodVoid,
  C extends AnyObject = never,
  D extends Dependencies = {},
  R extends Resources = {},
>(name: string, options: OpOptions<I, O, C, D, R> & OpBody<I, O, C, D, R>): OpOf<I, O, ConfigIn<C>> {
  return defineOp(name, options, DefinitionSite.above(op)) as never;
}
