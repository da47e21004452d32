import type * as z from "zod";
import type { Problem } from "../brand.ts";
import type { Check } from "../check/check.ts";
import { DefinitionSite } from "../definition-site.ts";
import type { GraphTools } from "../graph/graph-tools.ts";
import type { Ref, Refs } from "../graph/ref.ts";
import type { AnyPartitions, PartitionOf, Unpartitioned } from "../partition/partition-types.ts";
import type { AnyObject, AnySchema } from "../schema.ts";
import type {
  AnyFileType,
  AssetOf,
  Checked,
  ComputationOptions,
  DescriptionOptions,
  NoTransform,
  OneKind,
} from "./asset.ts";
import { graphAssetOptionRules, graphMultiAssetOptionRules } from "./asset-option-rules.ts";
import type { Dependencies } from "./asset-types.ts";
import { defineAsset } from "./define-asset.ts";
import { defineMultiAsset } from "./define-multi-asset.ts";
import type { FittingOutput, OutputAssets, Outputs } from "./multi-asset.ts";

/** What the function of a graph asset is given: the tools of graphs, and refs of what the step is given. */
export type GraphAssetContext<N, P, S extends AnyObject> = GraphTools<N> &
  ([S] extends [never] ? {} : { readonly config: Ref<z.output<S>, N> }) &
  (P extends Unpartitioned ? {} : { readonly partition: Ref<PartitionOf<P>, N> });

/** `retry` and `timeout` are for ops that say nothing themselves. */
export interface GraphComputationOptions<D, P, S extends AnyObject = never> extends Omit<
  ComputationOptions<D, P, {}, S>,
  "deps" | "resources"
> {
  /** Assets that its ops read. What is not listed they cannot read; of one that is partitioned alike, the step's own part. */
  readonly deps?: D;
}

/** What the graph gives for it: rows, a JSON value, or the bytes of a file. */
type GraphResult<C extends AnySchema, V extends AnySchema> = [C] extends [never]
  ? [V] extends [never]
    ? string | Uint8Array | { readonly path: string }
    : z.input<V>
  : readonly z.input<C>[];

type GraphBody<C extends AnySchema, V extends AnySchema, F, N, P, S extends AnyObject> = [C | V | F] extends [
  never,
]
  ? { readonly graph?: Problem<"an asset has one of `columns`, `value`, `file`"> }
  : { readonly graph: (context: GraphAssetContext<N, P, S>) => Refs<GraphResult<C, V>, N> };

/**
 * Defines an asset that a graph of ops makes: each op is a step of its own, tried, skipped and resumed by itself, and what
 * the function gives is the asset's content. What ops give passes through state, so large tables are better made by
 * `asset` with `sql`.
 *
 * @param key As of {@link asset}
 * @throws INVALID_OPTION and what is wrong with its graph, when the project is loaded, with file and line
 * @example
 * export const report = graphAsset("report", {
 *   value: Report,
 *   deps: { flights },
 *   graph: ({ map }) => merge({ parts: map(listAirports(), (airport) => describe({ airport })) }),
 * });
 */
export function graphAsset<
  const N extends string,
  C extends AnyObject = never,
  V extends AnySchema = never,
  F extends AnyFileType = never,
  D extends Dependencies = {},
  P extends AnyPartitions = Unpartitioned,
  S extends AnyObject = never,
>(
  key: N,
  options: DescriptionOptions &
    GraphComputationOptions<D, P, S> & {
      readonly columns?: (C & NoTransform<NoInfer<C>>) | undefined;
      readonly value?: V;
      readonly file?: F;
      readonly checks?: readonly Check<Checked<NoInfer<C>, NoInfer<V>>>[];
    } & OneKind<never, C, V, F> &
    GraphBody<C, V, F, N, P, S>,
): AssetOf<N, C, V, F, P> {
  return defineAsset(key, options, graphAssetOptionRules, DefinitionSite.above(graphAsset)) as never;
}

type ContentOf<O> = O extends { readonly columns: infer C extends AnyObject }
  ? readonly z.input<C>[]
  : O extends { readonly value: infer V extends AnySchema }
    ? z.input<V>
    : string | Uint8Array | { readonly path: string };
type OptionalNames<O> = {
  [K in keyof O]: O[K] extends { readonly optional: true } ? K : never;
}[keyof O];
/** A ref or a value for each output. One that is optional may be skipped or left away. */
type GraphOutputs<O, N> = {
  readonly [K in Exclude<keyof O, OptionalNames<O>>]: Refs<ContentOf<O[K]>, N>;
} & { readonly [K in OptionalNames<O>]?: Refs<ContentOf<O[K]> | undefined, N> };

/**
 * Defines several assets that one graph of ops makes together, as {@link multiAsset} does with a function.
 *
 * @param name Steps are named after it; a path like an asset's key
 * @returns the assets, by the names of the outputs
 * @throws INVALID_OPTION and what is wrong with its graph, when the project is loaded, with file and line
 * @example
 * export const { totals, notes } = graphMultiAsset("summary", {
 *   outputs: { totals: { value: Totals }, notes: { file: "text/plain" } },
 *   graph: () => {
 *     const read = readAll();
 *     return { totals: count({ read }), notes: write({ read }) };
 *   },
 * });
 */
export function graphMultiAsset<
  const N extends string,
  const O extends Outputs,
  D extends Dependencies = {},
  P extends AnyPartitions = Unpartitioned,
  S extends AnyObject = never,
>(
  name: N,
  options: GraphComputationOptions<D, P, S> & {
    readonly outputs: O & { readonly [K in keyof NoInfer<O>]: FittingOutput<NoInfer<O>[K]> };
    readonly graph: (context: GraphAssetContext<N, P, S>) => GraphOutputs<NoInfer<O>, N>;
  },
): OutputAssets<N, O, P> {
  return defineMultiAsset(
    name,
    options,
    graphMultiAssetOptionRules,
    DefinitionSite.above(graphMultiAsset),
  ) as never;
}
