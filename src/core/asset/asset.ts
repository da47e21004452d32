import type * as z from "zod";
import type { MaybePromise, Problem } from "../brand.ts";
import type { Check } from "../check/check.ts";
import { DefinitionSite } from "../definition-site.ts";
import type { MetadataValue } from "../metadata/metadata-value.ts";
import type { MissingPolicy } from "../partition/missing-policy.ts";
import type { AnyPartitions, Unpartitioned } from "../partition/partition-types.ts";
import type { Inputs, NotTaken, Resources } from "../resource/resource.ts";
import type { TriggerRule } from "../run/trigger-rule.ts";
import type { AnyObject, AnySchema, ColumnValue } from "../schema.ts";
import type { Sql } from "../sql/sql.ts";
import { assetOptionRules, externalAssetOptionRules } from "./asset-option-rules.ts";
import type { Dependencies, FileAsset, NamesOf, TableAsset, ValueAsset } from "./asset-types.ts";
import { defineAsset } from "./define-asset.ts";
import type { FileType } from "./file-type.ts";
import type { Query } from "./handle.ts";
import type { StepHooks } from "../hook/hook.ts";
import type { RetryOptions } from "./retry.ts";
import type { AppendContext, RunContext } from "./run-context.ts";
import type { Skipped } from "./skip.ts";
import type { Source } from "./source.ts";

/** A person's e-mail address, or `team:name`. */
export type Owner = `${string}@${string}` | `team:${string}`;

/** What tells of an asset by itself, whoever makes it. */
export interface DescriptionOptions {
  readonly description?: string;
  /**
   * The key that the asset had before. A key is an identity: with this the history, what is current and what others
   * recorded of the asset go on under the new one. Leave it in place; it does nothing once the name is known.
   */
  readonly renamedFrom?: string;
  /** Assets of a group are shown together; selected by `group:name`. */
  readonly group?: string;
  /** Selected by `tag:name` or `tag:name=value`. */
  readonly tags?: Readonly<Record<string, string>>;
  readonly owners?: readonly Owner[];
  /**
   * What is worth knowing about it, by name: plain JSON, dates, and what `meta` makes. A value takes at most 32,768
   * characters as JSON, all of them 65,536.
   */
  readonly metadata?: Readonly<Record<string, MetadataValue>>;
  /**
   * For how long a version is kept after another took its place: "7d", "90d". As the project says when absent. It can
   * be read by its snapshot and rolled back to for so long, and as long as a snapshot with it is pinned.
   */
  readonly retention?: string;
}

/** How a step is made, whatever it makes. */
export interface ComputationOptions<D, P, R = {}, S extends AnyObject = never> {
  /** Assets that `run` reads, under the names it uses. What is not listed cannot be read, in SQL either. */
  readonly deps?: D;
  /** What `run` works with, under the names it uses; instances come beside what it reads. */
  readonly resources?: R & NotTaken<NoInfer<R>, NoInfer<D>>;
  readonly partitions?: P;
  /** Tries after a failed one; none when absent. Failed checks and results that do not fit are not tried again. */
  readonly retry?: RetryOptions;
  /** Longest time for one attempt: "30s", "10m", "1h 30m". No limit when absent. */
  readonly timeout?: string;
  /** What to do once a step of it has succeeded, or has failed for good. */
  readonly hooks?: StepHooks;
  /** What must have become of what it reads, in the same run; "all_success" when absent. See {@link TriggerRule}. */
  readonly triggerRule?: TriggerRule;
  /**
   * What to do about partitions of what it reads that are not there: "block" (when absent), which names them and makes
   * nothing, or "skip", which reads those that there are. One that comes later makes it stale.
   */
  readonly missing?: [P] extends [Unpartitioned]
    ? MissingPolicy
    : Problem<"`missing` is for an asset without partitions: it reads all those of another">;
  /**
   * What a run can be told from outside, as `z.object({ … })`: parsed before the run begins, and given to `run` as
   * `config`. A member without a default has to be given: `millrace materialize <asset> --set assets.<asset>.<member>=…`.
   */
  readonly config?: S;
  /** Instead of the one derived from the code: a new text makes the asset stale, and nothing else in its code does. */
  readonly codeVersion?: string;
}

/** What assets of every kind can be told. */
export interface AssetOptions<D, P, R = {}, S extends AnyObject = never>
  extends DescriptionOptions, ComputationOptions<D, P, R, S> {}

/** What a table's `run` may give back: SQL (fastest), a query, rows, or batches of rows as they come. */
export type TableResult<Row, Reads extends string = never> =
  | Sql<Reads>
  | Query<unknown>
  | readonly Row[]
  | AsyncIterable<Row | readonly Row[]>;
/** What a file's `run` may give back. A path is copied. */
export type FileResult = Uint8Array | string | AsyncIterable<Uint8Array> | { readonly path: string };
// oxlint-disable-next-line no-explicit-any -- any file type is meant; it is covariant in what it loads
export type AnyFileType = FileType<any> | `${string}/${string}`;
export type LoadedBy<F> = F extends FileType<infer L> ? L : never;

export type AssetOf<
  N extends string,
  C extends AnySchema,
  V extends AnySchema,
  F,
  P extends AnyPartitions,
> = [C] extends [never]
  ? [V] extends [never]
    ? FileAsset<N, LoadedBy<F>, P>
    : ValueAsset<N, z.output<V>, P>
  : TableAsset<N, z.output<C>, P>;
type Result<C extends AnySchema, V extends AnySchema, Reads extends string> = [C] extends [never]
  ? [V] extends [never]
    ? FileResult
    : z.input<V>
  : TableResult<z.input<C>, Reads>;
export type Checked<C extends AnySchema, V extends AnySchema> = [C] extends [never]
  ? [V] extends [never]
    ? never
    : z.output<V>
  : z.output<C>;

type KindText = "an asset has one of `columns`, `value`, `file`";
/**
 * Conditional on purpose: TypeScript then instantiates the whole options type before it looks at `run`, so that an
 * error lands on the offending cell and literals survive `rows.map(...)`. A union, or `run?:`, loses both.
 */
type Body<
  Q,
  C extends AnySchema,
  V extends AnySchema,
  F,
  D,
  P,
  Reads extends string,
  W,
  R,
  S extends AnyObject,
> = [C | V | F] extends [never]
  ? { readonly run?: Problem<KindText> }
  : [Q] extends [never]
    ? [W, C] extends ["append", never]
      ? { readonly run?: Problem<'`write: "append"` adds rows: it needs `columns`'> | undefined }
      : {
          readonly run: (
            deps: Inputs<D, P, R>,
            context: RunContext<P, S> & Appending<W, C>,
          ) => MaybePromise<Result<C, V, Reads> | Skipped>;
        }
    : {
        readonly run?: Problem<"an asset has one of `sql`, `run`"> | undefined;
        readonly config?: Problem<"`config` is for `run`: nothing in `sql` reads it"> | undefined;
      };
type Appending<W, C extends AnySchema> = [W] extends ["append"] ? AppendContext<z.output<C>> : {};
type Only<A, B, Key extends string, Text extends string> = [A] extends [never]
  ? unknown
  : [B] extends [never]
    ? unknown
    : { readonly [K in Key]?: Problem<Text> | undefined };
/** The text stands on a schema, never on `file`: a literal `file` and a literal text together are `never`, without words. */
export type OneKind<Q, C, V, F> = Only<C, V, "value", KindText> &
  Only<C, F, "columns", KindText> &
  Only<V, F, "value", KindText> &
  ([Q] extends [never]
    ? unknown
    : [C] extends [never]
      ? { readonly sql?: Problem<"`sql` needs `columns`"> | undefined }
      : unknown);
/** Written and read rows must be the same type up to brands and defaults: a transform has no meaning in the engine. */
export type NoTransform<C extends AnySchema> = [C] extends [never]
  ? unknown
  : z.output<C> extends z.input<C>
    ? z.output<C> extends { readonly [column: string]: ColumnValue }
      ? unknown
      : Problem<"a column holds string, number, bigint, boolean, Date, null, lists and structs of them">
    : Problem<"columns cannot transform: a column is written and read as the same type">;

/**
 * Defines an asset: a table (`columns`), a JSON value (`value`) or a file (`file`), made by `sql` or by `run`.
 *
 * @param key A path of letters, digits, `_` and `-` in segments divided by `/`. It is the asset's identity.
 * @throws INVALID_OPTION, UNKNOWN_COLUMN and the like when the project is loaded, with file and line
 * @example
 * export const dailyDelays = asset("daily_delays", {
 *   columns: DailyDelay,
 *   sql: sql`select day, origin, count(*) as flights from ${flights} group by all`,
 *   checks: [check.unique("day", "origin")],
 * });
 */
export function asset<
  const N extends string,
  C extends AnyObject = never,
  V extends AnySchema = never,
  F extends AnyFileType = never,
  D extends Dependencies = {},
  P extends AnyPartitions = Unpartitioned,
  Q extends Sql<string> = never,
  W extends "replace" | "append" = "replace",
  R extends Resources = {},
  S extends AnyObject = never,
>(
  key: N,
  options: AssetOptions<D, P, R, S> & {
    readonly columns?: (C & NoTransform<NoInfer<C>>) | undefined;
    readonly value?: V;
    readonly file?: F;
    readonly sql?: Q;
    /**
     * What a run does to the rows that a table, or a partition of it, has: "replace" (when absent), or "append", which
     * keeps them and adds those that the run gives. Where to go on is read from `previous` or `sql.previous`. Checks see
     * all rows, and readers see them as one table. Also after a change of the code rows are added; `materialize
     * --full-refresh` makes all of them anew.
     */
    readonly write?: W;
    readonly checks?: readonly Check<Checked<NoInfer<C>, NoInfer<V>>>[];
  } & OneKind<Q, C, V, F> &
    Body<Q, C, V, F, D, P, NamesOf<D>, W, R, S>,
): AssetOf<N, C, V, F, P> {
  return defineAsset(key, options, assetOptionRules, DefinitionSite.above(asset)) as never;
}

/**
 * Data made elsewhere: what it looks like and where to read it. It is observed before and after each read, so that a
 * change is noticed; endpoints cannot read it (copy it into an asset first).
 *
 * @example
 * export const rawFlights = externalAsset("raw_flights", { columns: RawFlight, source: source.parquet("data/flights.parquet") });
 */
export function externalAsset<
  const N extends string,
  C extends AnyObject = never,
  F extends AnyFileType = never,
>(
  key: N,
  options: Pick<
    AssetOptions<{}, Unpartitioned>,
    "description" | "renamedFrom" | "group" | "tags" | "owners" | "metadata"
  > & {
    readonly columns?: (C & NoTransform<NoInfer<C>>) | undefined;
    readonly file?: F;
    readonly source: Source;
  } & OneKind<never, C, never, F>,
): AssetOf<N, C, never, F, Unpartitioned> {
  return defineAsset(key, options, externalAssetOptionRules, DefinitionSite.above(externalAsset)) as never;
}
