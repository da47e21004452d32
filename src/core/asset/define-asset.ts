import type { Covariant, Tagged } from "../brand.ts";
import { checkDefinitions } from "../check/check.ts";
import { columnsOf } from "../column/columns-of.ts";
import type { DefinitionSite } from "../definition-site.ts";
import { MillraceError } from "../errors.ts";
import { recordGraph, type RecordedGraph } from "../graph/record-graph.ts";
import type { StepHooks } from "../hook/hook.ts";
import { fittingOptions, isRecord, type OptionRules } from "../option-rules.ts";
import type { MissingPolicy } from "../partition/missing-policy.ts";
import { unpartitioned, type PartitionDefinition } from "../partition/partitions.ts";
import type { AnyObject, AnySchema } from "../schema.ts";
import { definedPolicy, type StepPolicyOptions } from "../run/step-policy.ts";
import type { TriggerRule } from "../run/trigger-rule.ts";
import { takenBy, usedResources } from "../resource/used-resources.ts";
import { SqlTree, tableRef, type TableRef } from "../sql/sql-tree.ts";
import { isAsset, registerAsset, type AssetDefinition } from "./asset-definition.ts";
import { externalAssetOptionRules, graphAssetOptionRules } from "./asset-option-rules.ts";
import { defineComputation, type AssetBody, type Computation } from "./computation.ts";
import { parseDuration } from "../duration.ts";
import { definedMetadata } from "./defined-metadata.ts";
import type { FileTypeDefinition } from "./file-type.ts";
import { appendProblem } from "./append-problem.ts";
import type { SourceDefinition } from "./source.ts";

/** What tells of an asset by itself. */
export interface GivenAssetOptions {
  readonly columns?: AnyObject;
  readonly value?: AnySchema;
  readonly file?: FileTypeDefinition | string;
  readonly checks?: readonly unknown[];
  readonly description?: string;
  readonly group?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly owners?: readonly string[];
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly renamedFrom?: string;
  readonly retention?: string;
  readonly write?: "replace" | "append";
}

/** What tells how something is made. */
export interface GivenComputationOptions extends StepPolicyOptions {
  readonly deps?: Readonly<Record<string, unknown>>;
  readonly resources?: Readonly<Record<string, unknown>>;
  readonly config?: AnyObject;
  readonly partitions?: PartitionDefinition;
  readonly codeVersion?: string;
  readonly triggerRule?: TriggerRule;
  readonly missing?: MissingPolicy;
  readonly hooks?: StepHooks;
  readonly sql?: unknown;
  readonly run?: unknown;
  readonly graph?: (context: object) => unknown;
  readonly source?: SourceDefinition;
}

/** Options as an author gave them: those that fit, which were given at all, and where mistakes are told. */
export interface Given<Options> {
  readonly options: Options;
  /** By what was given: an option that does not fit is no missing one. */
  readonly gives: (name: string) => boolean;
  readonly invalid: (reason: string) => void;
}

/** Mistakes are collected, not thrown: the project reports those of all its definitions at once. */
export function givenOptions<Options extends object>(
  options: unknown,
  rules: OptionRules,
  invalid: (reason: string) => void,
): Given<Options> {
  return {
    options: fittingOptions(options as Options, rules, invalid),
    gives: (name) => isRecord(options) && options[name] !== undefined,
    invalid,
  };
}

/** An asset that is made by itself, or elsewhere. */
export function defineAsset(
  givenKey: unknown,
  given: unknown,
  rules: OptionRules,
  site: DefinitionSite,
): AssetDefinition {
  const key = typeof givenKey === "string" ? givenKey : "";
  const problems: MillraceError[] = [];
  const options = givenOptions<GivenAssetOptions & GivenComputationOptions>(
    given,
    rules,
    invalidOption("asset", key, site, problems),
  );
  const kind = kindOf(options);
  const body =
    rules === externalAssetOptionRules
      ? externalBody(options)
      : rules === graphAssetOptionRules
        ? graphBody(key, options, site)
        : bodyOf(options, options.gives("columns"));
  const problem = appendProblem(options.options, kind, body);
  if (problem !== undefined) options.invalid(problem);
  let asset: AssetDefinition | undefined;
  defineComputation(
    { ...computationFacts(key, options, body, site), named: false, subset: false },
    (computation) => {
      asset = describeAsset(key, kind, options, computation, problems, site);
      return [{ name: key, asset, optional: false }];
    },
  );
  if (asset === undefined) throw new MillraceError("INTERNAL", { reason: `${key} was not defined` });
  return asset;
}

/**
 * What no column can hold. Columns are read where they are defined, while the schema is at hand: later each would have to
 * be fetched from memory again, which takes as long as the reading.
 */
function columnProblems(key: string, columns: AnyObject, site: DefinitionSite): readonly MillraceError[] {
  return columnsOf(key, columns).problems.map(
    ({ code, details }) => new MillraceError(code, details, { place: { asset: key, ...site.place } }),
  );
}

/** Notes a mistake in the options of a definition. */
export function invalidOption(
  what: string,
  key: string,
  site: DefinitionSite,
  problems: MillraceError[],
): (reason: string) => void {
  return (reason) => {
    const details = { what, key: key === "" ? '""' : key, reason };
    problems.push(new MillraceError("INVALID_OPTION", details, { place: { asset: key, ...site.place } }));
  };
}

/** How it is made, whatever and however much it makes. */
export function computationFacts(
  key: string,
  { options, invalid }: Given<GivenComputationOptions>,
  body: AssetBody,
  site: DefinitionSite,
): Omit<Computation, "outputs" | "named" | "subset"> {
  const partitions = options.partitions ?? unpartitioned;
  for (const reason of partitions.problems) invalid(`partitions: ${reason}`);
  const dependencies = dependenciesOf(options, body, invalid);
  const resources = usedResources(options.resources, takenBy(dependencies.keys()), invalid);
  if (resources.size > 0 && body.body === "sql") invalid("resources are for run: sql works with none");
  if (options.config !== undefined && body.body === "sql")
    invalid("config is for run: nothing in sql reads it");
  const { missing = "block" } = options;
  if (missing === "skip" && !readsAllOfSome(partitions, dependencies))
    invalid('missing: "skip" is for an unpartitioned asset that reads a partitioned one, which it does not');
  return {
    key,
    body,
    dependencies,
    resources,
    partitions,
    missing,
    policy: definedPolicy(options, invalid),
    ...(options.hooks === undefined ? {} : { hooks: options.hooks }),
    triggerRule: options.triggerRule ?? "all_success",
    ...(options.config === undefined ? {} : { config: options.config }),
    ...(options.codeVersion === undefined ? {} : { codeVersion: options.codeVersion }),
    site,
  };
}

/** Of which every partition has to be there, unless it is told to do without (N24). */
function readsAllOfSome(
  { kind }: PartitionDefinition,
  dependencies: ReadonlyMap<string, AssetDefinition>,
): boolean {
  return kind === "none" && [...dependencies.values()].some(({ partitions }) => partitions.kind !== "none");
}

/** An asset that is being made. */
type Made = { -readonly [Part in keyof AssetDefinition]: AssetDefinition[Part] } & { [tableRef]?: TableRef };

/** What a reader gets, by the one option that says so. */
export function kindOf({ gives, invalid }: Given<GivenAssetOptions>): AssetDefinition["kind"] {
  const kinds = (["columns", "value", "file"] as const).filter(gives);
  if (kinds.length !== 1) invalid("it needs exactly one of columns, value and file");
  const [kind = "columns"] = kinds;
  return kind === "columns" ? "table" : kind;
}

/** One of the assets that a computation makes. */
export function describeAsset(
  key: string,
  kind: AssetDefinition["kind"],
  { options, invalid }: Given<GivenAssetOptions>,
  computation: Computation,
  problems: MillraceError[],
  site: DefinitionSite,
): AssetDefinition & Tagged<"asset"> & Covariant<never> {
  const { body, dependencies, partitions, codeVersion } = computation;
  const retentionMs = options.retention === undefined ? undefined : parseDuration(options.retention);
  if (options.retention !== undefined && retentionMs === undefined) {
    invalid(`the retention ${JSON.stringify(options.retention)} is no duration; write it like "7d" or "12h"`);
  }
  const file =
    typeof options.file === "string" ? { extension: "bin", contentType: options.file } : options.file;
  // What may be absent is set below, one by one: by way of entries and spreads, defining takes a third longer.
  const definition: Made = {
    key,
    kind,
    computation,
    body,
    dependencies,
    partitions,
    appends: options.write === "append",
    checks: checkDefinitions(options.checks ?? [], invalid),
    tags: options.tags ?? {},
    owners: options.owners ?? [],
    metadata: definedMetadata(key, options.metadata, problems, site),
    problems,
    site,
  };
  if (options.columns !== undefined) {
    definition.columns = options.columns;
    problems.push(...columnProblems(key, options.columns, site));
  }
  if (options.value !== undefined) definition.value = options.value;
  if (file !== undefined) definition.file = file;
  if (options.description !== undefined) definition.description = options.description;
  if (options.renamedFrom !== undefined) definition.renamedFrom = options.renamedFrom;
  if (options.group !== undefined) definition.group = options.group;
  if (retentionMs !== undefined) definition.retentionMs = retentionMs;
  if (codeVersion !== undefined) definition.codeVersion = codeVersion;
  if (kind === "table") definition[tableRef] = { asset: key };
  return registerAsset(definition) as never;
}

function bodyOf({ options, gives, invalid }: Given<GivenComputationOptions>, isTable: boolean): AssetBody {
  if ((options.sql === undefined) === (options.run === undefined))
    invalid("it needs exactly one of sql and run");
  if (options.sql instanceof SqlTree) {
    if (!isTable) invalid("sql needs columns");
    return { body: "sql", sql: options.sql };
  }
  if (gives("sql")) invalid("sql must be an sql`…` text");
  return runBody(options.run, invalid);
}

/** Code in TypeScript. */
export function runBody(run: unknown, invalid: (reason: string) => void): AssetBody {
  if (run !== undefined && typeof run !== "function") invalid("run must be a function");
  return { body: "run", run: run as (handles: object, context: object) => unknown };
}

/** Code as a graph of ops. */
export function graphBody(
  key: string,
  { options, gives, invalid }: Given<GivenComputationOptions>,
  site: DefinitionSite,
): AssetBody {
  if (!gives("graph")) invalid("it needs graph, a function");
  const { graph = () => undefined, config, partitions } = options;
  let recorded: RecordedGraph | undefined;
  const built = (): RecordedGraph =>
    (recorded ??= recordGraph(
      {
        owner: { what: `the asset ${key}`, place: { asset: key } },
        graph,
        config: config !== undefined,
        partition: partitions !== undefined,
      },
      site,
    ));
  return { body: "graph", function: graph, graph: () => built().graph, problems: () => built().problems };
}

function externalBody({ options: { source }, gives, invalid }: Given<GivenComputationOptions>): AssetBody {
  if (!gives("source")) invalid("it needs a source");
  return source === undefined ? { body: "external" } : { body: "external", source };
}

function dependenciesOf(
  options: GivenComputationOptions,
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
