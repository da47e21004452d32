import type * as z from "zod";
import type { Covariant, MaybePromise, Problem, Tagged } from "../brand.ts";
import { checkDefinitions, type Check } from "../check/check.ts";
import { DefinitionSite } from "../definition-site.ts";
import { MillraceError } from "../errors.ts";
import { fittingOptions, isRecord, type OptionRules } from "../option-rules.ts";
import type { AnyPartitions, Unpartitioned } from "../partition/partition-types.ts";
import { unpartitioned, type PartitionDefinition } from "../partition/partitions.ts";
import type { AnyObject, AnySchema, ColumnValue } from "../schema.ts";
import { SqlTree, tableRef, type TableRef } from "../sql/sql-tree.ts";
import type { Sql } from "../sql/sql.ts";
import { isAsset, registerAsset, type AssetBody, type AssetDefinition } from "./asset-definition.ts";
import { assetOptionRules, externalAssetOptionRules } from "./asset-option-rules.ts";
import type { Dependencies, FileAsset, Handles, NamesOf, TableAsset, ValueAsset } from "./asset-types.ts";
import { parseDuration } from "./duration.ts";
import type { FileType, FileTypeDefinition } from "./file-type.ts";
import type { Query } from "./handle.ts";
import { noRetry, retryPolicy, type RetryOptions } from "./retry.ts";
import type { MetadataValue, RunContext } from "./run-context.ts";
import type { Source, SourceDefinition } from "./source.ts";

/** A person's e-mail address, or `team:name`. */
export type Owner = `${string}@${string}` | `team:${string}`;

/** What assets of every kind can be told. */
export interface AssetOptions<D, P> {
  readonly description?: string;
  /** Assets of a group are shown together; selected by `group:name`. */
  readonly group?: string;
  /** Selected by `tag:name` or `tag:name=value`. */
  readonly tags?: Readonly<Record<string, string>>;
  readonly owners?: readonly Owner[];
  readonly metadata?: Readonly<Record<string, MetadataValue>>;
  /** Assets that `run` reads, under the names it uses. What is not listed cannot be read, in SQL either. */
  readonly deps?: D;
  readonly partitions?: P;
  /** Tries after a failed one; none when absent. Failed checks and results that do not fit are not tried again. */
  readonly retry?: RetryOptions;
  /** Longest time for one attempt: "30s", "10m", "1h 30m". No limit when absent. */
  readonly timeout?: string;
  /**
   * For how long a version is kept after another took its place: "7d", "90d". As the project says when absent. It can
   * be read by its snapshot and rolled back to for so long, and as long as a snapshot with it is pinned.
   */
  readonly retention?: string;
  /** Instead of the one derived from the code: a new text makes the asset stale, and nothing else in its code does. */
  readonly codeVersion?: string;
}

/** What a table's `run` may give back: SQL (fastest), a query, rows, or batches of rows as they come. */
export type TableResult<Row, Reads extends string = never> =
  | Sql<Reads>
  | Query<unknown>
  | readonly Row[]
  | AsyncIterable<Row | readonly Row[]>;
/** What a file's `run` may give back. A path is copied. */
export type FileResult = Uint8Array | string | AsyncIterable<Uint8Array> | { readonly path: string };
// oxlint-disable-next-line no-explicit-any -- any file type is meant; it is covariant in what it loads
type AnyFileType = FileType<any> | `${string}/${string}`;
type LoadedBy<F> = F extends FileType<infer L> ? L : never;

type AssetOf<N extends string, C extends AnySchema, V extends AnySchema, F, P extends AnyPartitions> = [
  C,
] extends [never]
  ? [V] extends [never]
    ? FileAsset<N, LoadedBy<F>, P>
    : ValueAsset<N, z.output<V>, P>
  : TableAsset<N, z.output<C>, P>;
type Result<C extends AnySchema, V extends AnySchema, Reads extends string> = [C] extends [never]
  ? [V] extends [never]
    ? FileResult
    : z.input<V>
  : TableResult<z.input<C>, Reads>;
type Checked<C extends AnySchema, V extends AnySchema> = [C] extends [never]
  ? [V] extends [never]
    ? never
    : z.output<V>
  : z.output<C>;

type KindText = "an asset has one of `columns`, `value`, `file`";
/**
 * Conditional on purpose: TypeScript then instantiates the whole options type before it looks at `run`, so that an
 * error lands on the offending cell and literals survive `rows.map(...)`. A union, or `run?:`, loses both.
 */
type Body<Q, C extends AnySchema, V extends AnySchema, F, D, P, Reads extends string> = [C | V | F] extends [
  never,
]
  ? { readonly run?: Problem<KindText> }
  : [Q] extends [never]
    ? { readonly run: (deps: Handles<D, P>, context: RunContext<P>) => MaybePromise<Result<C, V, Reads>> }
    : { readonly run?: Problem<"an asset has one of `sql`, `run`"> | undefined };
type Only<A, B, Key extends string, Text extends string> = [A] extends [never]
  ? unknown
  : [B] extends [never]
    ? unknown
    : { readonly [K in Key]?: Problem<Text> | undefined };
/** The text stands on a schema, never on `file`: a literal `file` and a literal text together are `never`, without words. */
type OneKind<Q, C, V, F> = Only<C, V, "value", KindText> &
  Only<C, F, "columns", KindText> &
  Only<V, F, "value", KindText> &
  ([Q] extends [never]
    ? unknown
    : [C] extends [never]
      ? { readonly sql?: Problem<"`sql` needs `columns`"> | undefined }
      : unknown);
/** Written and read rows must be the same type up to brands and defaults: a transform has no meaning in the engine. */
type NoTransform<C extends AnySchema> = [C] extends [never]
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
>(
  key: N,
  options: AssetOptions<D, P> & {
    readonly columns?: (C & NoTransform<NoInfer<C>>) | undefined;
    readonly value?: V;
    readonly file?: F;
    readonly sql?: Q;
    readonly checks?: readonly Check<Checked<NoInfer<C>, NoInfer<V>>>[];
  } & OneKind<Q, C, V, F> &
    Body<Q, C, V, F, D, P, NamesOf<D>>,
): AssetOf<N, C, V, F, P> {
  return define(
    key,
    options as unknown as AnyOptions,
    assetOptionRules,
    DefinitionSite.above(asset),
  ) as never;
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
  options: Pick<AssetOptions<{}, Unpartitioned>, "description" | "group" | "tags" | "owners" | "metadata"> & {
    readonly columns?: (C & NoTransform<NoInfer<C>>) | undefined;
    readonly file?: F;
    readonly source: Source;
  } & OneKind<never, C, never, F>,
): AssetOf<N, C, never, F, Unpartitioned> {
  const site = DefinitionSite.above(externalAsset);
  return define(key, options as unknown as AnyOptions, externalAssetOptionRules, site) as never;
}

interface AnyOptions extends AssetOptions<Readonly<Record<string, unknown>>, PartitionDefinition> {
  readonly columns?: AnyObject;
  readonly value?: AnySchema;
  readonly file?: FileTypeDefinition | string;
  readonly sql?: unknown;
  readonly run?: unknown;
  readonly source?: SourceDefinition;
  readonly checks?: readonly unknown[];
}

/** An asset that is being made. */
type Made = { -readonly [Part in keyof AssetDefinition]: AssetDefinition[Part] } & { [tableRef]?: TableRef };

function define(
  givenKey: unknown,
  given: AnyOptions,
  rules: OptionRules,
  site: DefinitionSite,
): AssetDefinition & Tagged<"asset"> & Covariant<never> {
  const key = typeof givenKey === "string" ? givenKey : "";
  // Collected, not thrown: the project reports the mistakes of all its definitions at once.
  const problems: MillraceError[] = [];
  const invalid = (reason: string): void => {
    problems.push(
      new MillraceError(
        "INVALID_OPTION",
        { what: "asset", key: key === "" ? '""' : key, reason },
        { place: { asset: key, ...site.place } },
      ),
    );
  };
  const options = fittingOptions(given, rules, invalid);
  // By what was given: an option that does not fit is no missing one.
  const gives = (name: string): boolean => isRecord(given) && given[name] !== undefined;
  const kinds = (["columns", "value", "file"] as const).filter(gives);
  const [kind = "columns"] = kinds;
  if (kinds.length !== 1) invalid("it needs exactly one of columns, value and file");
  const retry = retryPolicy(options.retry);
  if (retry === undefined) invalid('retry needs max (a whole number) and a delay such as "2s"');
  const timeoutMs = options.timeout === undefined ? undefined : parseDuration(options.timeout);
  if (options.timeout !== undefined && timeoutMs === undefined) {
    invalid(`the timeout ${JSON.stringify(options.timeout)} is no duration; write it like "30s" or "10m"`);
  }
  const retentionMs = options.retention === undefined ? undefined : parseDuration(options.retention);
  if (options.retention !== undefined && retentionMs === undefined) {
    invalid(`the retention ${JSON.stringify(options.retention)} is no duration; write it like "7d" or "12h"`);
  }
  const partitions = options.partitions ?? unpartitioned;
  for (const reason of partitions.problems) invalid(`partitions: ${reason}`);
  const body: AssetBody =
    rules === externalAssetOptionRules
      ? externalBody(options, gives, invalid)
      : bodyOf(options, gives, invalid);
  const file =
    typeof options.file === "string" ? { extension: "bin", contentType: options.file } : options.file;
  // What may be absent is set below, one by one: by way of entries and spreads, defining takes a third longer.
  const definition: Made = {
    key,
    kind: kind === "columns" ? "table" : kind,
    body,
    dependencies: dependenciesOf(options, body, invalid),
    partitions,
    checks: checkDefinitions(options.checks ?? [], invalid),
    tags: options.tags ?? {},
    owners: options.owners ?? [],
    metadata: options.metadata ?? {},
    retry: retry ?? noRetry,
    problems,
    site,
  };
  if (options.columns !== undefined) definition.columns = options.columns;
  if (options.value !== undefined) definition.value = options.value;
  if (file !== undefined) definition.file = file;
  if (options.description !== undefined) definition.description = options.description;
  if (options.group !== undefined) definition.group = options.group;
  if (timeoutMs !== undefined) definition.timeoutMs = timeoutMs;
  if (retentionMs !== undefined) definition.retentionMs = retentionMs;
  if (options.codeVersion !== undefined) definition.codeVersion = options.codeVersion;
  if (kind === "columns") definition[tableRef] = { asset: key };
  return registerAsset(definition) as never;
}

function bodyOf(
  options: AnyOptions,
  gives: (name: string) => boolean,
  invalid: (reason: string) => void,
): AssetBody {
  if ((options.sql === undefined) === (options.run === undefined))
    invalid("it needs exactly one of sql and run");
  if (options.sql instanceof SqlTree) {
    if (!gives("columns")) invalid("sql needs columns");
    return { body: "sql", sql: options.sql };
  }
  if (options.sql !== undefined) invalid("sql must be an sql`…` text");
  if (options.run !== undefined && typeof options.run !== "function") invalid("run must be a function");
  return { body: "run", run: options.run as (handles: object, context: object) => unknown };
}

function externalBody(
  { source }: AnyOptions,
  gives: (name: string) => boolean,
  invalid: (reason: string) => void,
): AssetBody {
  if (!gives("source")) invalid("it needs a source");
  return source === undefined ? { body: "external" } : { body: "external", source };
}

function dependenciesOf(
  options: AnyOptions,
  body: AssetBody,
  invalid: (reason: string) => void,
): ReadonlyMap<string, AssetDefinition> {
  const dependencies = new Map<string, AssetDefinition>();
  for (const [name, dependency] of Object.entries(options.deps ?? {})) {
    if (isAsset(dependency)) dependencies.set(name, dependency);
    else invalid(`the dependency ${name} is no asset`);
  }
  if (body.body === "sql") {
    const listed = new Set(dependencies.values());
    for (const read of body.sql.assets) {
      if (isAsset(read) && !listed.has(read)) dependencies.set(read.key, read);
    }
  }
  return dependencies;
}
