import type * as z from "zod";
import type { MaybePromise, Problem } from "../brand.ts";
import type { Check } from "../check/check.ts";
import { DefinitionSite } from "../definition-site.ts";
import type { AnyPartitions, Unpartitioned } from "../partition/partition-types.ts";
import type { Inputs, Resources } from "../resource/resource.ts";
import type { AnyObject, AnySchema } from "../schema.ts";
import type {
  ComputationOptions,
  DescriptionOptions,
  FileResult,
  LoadedBy,
  NoTransform,
  TableResult,
} from "./asset.ts";
import type { Dependencies, FileAsset, NamesOf, TableAsset, ValueAsset } from "./asset-types.ts";
import type { FileType } from "./file-type.ts";
import { multiAssetOptionRules } from "./asset-option-rules.ts";
import { defineMultiAsset } from "./define-multi-asset.ts";
import type { MultiRunContext } from "./run-context.ts";
import type { Skipped } from "./skip.ts";

/** One of the assets that a multi-asset makes: with exactly one of `columns`, `value` and `file`. */
export interface OutputOptions extends DescriptionOptions {
  /** The asset's key; `<name of the multi-asset>/<name of the output>` when absent. */
  readonly key?: string;
  readonly columns?: AnyObject;
  readonly value?: AnySchema;
  readonly file?: FileType<unknown> | `${string}/${string}`;
  /** `run` may leave it out: then what was current of it stays. */
  readonly optional?: boolean;
  readonly checks?: readonly unknown[];
}
export type Outputs = Readonly<Record<string, OutputOptions>>;

type WrittenBy<O, Reads extends string> = O extends { readonly columns: infer C extends AnyObject }
  ? TableResult<z.input<C>, Reads>
  : O extends { readonly value: infer V extends AnySchema }
    ? z.input<V>
    : FileResult;
type Optional<O, K extends keyof O, S> = S extends true
  ? K
  : O[K] extends { readonly optional: true }
    ? K
    : never;
/** A record of contents by the names of the outputs. */
export type OutputResults<O, S, Reads extends string> = {
  readonly [K in keyof O as K extends Optional<O, K, S> ? never : K]: WrittenBy<O[K], Reads>;
} & {
  readonly [K in keyof O as Optional<O, K, S>]?: WrittenBy<O[K], Reads> | undefined;
};

type OutputKey<N extends string, K, O> = O extends { readonly key: infer Key extends string }
  ? Key
  : `${N}/${K & string}`;
type OutputAsset<Key extends string, O, P extends AnyPartitions> = O extends {
  readonly columns: infer C extends AnyObject;
}
  ? TableAsset<Key, z.output<C>, P>
  : O extends { readonly value: infer V extends AnySchema }
    ? ValueAsset<Key, z.output<V>, P>
    : O extends { readonly file: infer F }
      ? FileAsset<Key, LoadedBy<F>, P>
      : never;
/** The assets by the names of the outputs. */
export type OutputAssets<N extends string, O, P extends AnyPartitions> = {
  readonly [K in keyof O]: OutputAsset<OutputKey<N, K, O[K]>, O[K], P>;
};

/** Which kind it is, that its columns can be written, and that its checks fit its rows. */
export type FittingOutput<O> = O extends { readonly columns: infer C extends AnyObject }
  ? {
      readonly columns: NoTransform<C>;
      readonly value?: Problem<KindText> | undefined;
      readonly file?: Problem<KindText> | undefined;
      readonly checks?: readonly Check<z.output<C>>[] | undefined;
    }
  : O extends { readonly value: infer V extends AnySchema }
    ? {
        readonly file?: Problem<KindText> | undefined;
        readonly checks?: readonly Check<z.output<V>>[] | undefined;
      }
    : O extends { readonly file: unknown }
      ? { readonly checks?: readonly Check<never>[] | undefined }
      : { readonly columns: Problem<KindText> };
type KindText = "an output has one of `columns`, `value`, `file`";

type Undeclared<Result, O> = Result extends Skipped ? never : Exclude<keyof Result, keyof O>;
type OnlyDeclared<Run, O> = Run extends (...args: never[]) => infer R
  ? [Undeclared<Awaited<R>, O>] extends [never]
    ? unknown
    : Problem<`${Undeclared<Awaited<R>, O> & string} is an output that nobody declared`>
  : unknown;

/**
 * Defines several assets that one function makes together. They are published together or not at all, and when a
 * blocking check of one fails, none of them is.
 *
 * @param name Steps are named after it; a path like an asset's key
 * @returns the assets, by the names of the outputs
 * @throws INVALID_OPTION and the like when the project is loaded, with file and line
 * @example
 * export const { orders, totals } = multiAsset("sales", {
 *   outputs: { orders: { columns: Order }, totals: { value: Totals, optional: true } },
 *   deps: { inbox },
 *   run: async ({ inbox }) => ({ orders: await inbox.rows() }),
 * });
 */
export function multiAsset<
  const N extends string,
  const O extends Outputs,
  Run extends (
    deps: Inputs<D, P, R>,
    context: MultiRunContext<P, keyof O & string, C>,
  ) => MaybePromise<OutputResults<O, S, NamesOf<D>> | Skipped>,
  D extends Dependencies = {},
  P extends AnyPartitions = Unpartitioned,
  S extends boolean = false,
  R extends Resources = {},
  C extends AnyObject = never,
>(
  name: N,
  options: ComputationOptions<D, P, R, C> & {
    readonly outputs: O & { readonly [K in keyof NoInfer<O>]: FittingOutput<NoInfer<O>[K]> };
    /**
     * `run` can make some outputs without the others: only what `context.wanted` has needs to be given, what else is
     * given is left lying. When absent, selecting one output makes all of them.
     */
    readonly subset?: S;
    /** Gives the content of each output by its name, or `skip("why")`. */
    readonly run: Run & OnlyDeclared<NoInfer<Run>, NoInfer<O>>;
  },
): OutputAssets<N, O, P> {
  return defineMultiAsset(name, options, multiAssetOptionRules, DefinitionSite.above(multiAsset)) as never;
}
