import { defaultGraceMs, defaultKeepMs } from "../core/catalog/retention.ts";
import { isAsset, registerAsset, type AssetDefinition } from "../core/asset/asset-definition.ts";
import {
  defineComputation,
  type AssetBody,
  type Computation,
  type Output,
} from "../core/asset/computation.ts";
import { noRetry } from "../core/asset/retry.ts";
import { isSkipped, skip } from "../core/asset/skip.ts";
import type { AssetCheckDefinition, CheckDefinition, CheckRule } from "../core/check/check-definition.ts";
import { DefinitionSite } from "../core/definition-site.ts";
import type { EndpointDefinition } from "../core/endpoint/endpoint-definition.ts";
import { MillraceError } from "../core/errors.ts";
import { isRecord } from "../core/option-rules.ts";
import { parseTimeKey } from "../core/partition/calendar.ts";
import type { PartitionDefinition } from "../core/partition/partitions.ts";
import { noResources, type ResourceMap } from "../core/resource/resource-definition.ts";
import { SqlTree } from "../core/sql/sql-tree.ts";
import type { ProjectDefinition } from "../core/project/project.ts";
import type { GivenContent } from "./given.ts";
import { givenResources, type GivenResources } from "./instead.ts";

export interface TestProject {
  readonly project: ProjectDefinition;
  /** What stands for an asset in this test. */
  readonly standIn: (asset: AssetDefinition) => AssetDefinition;
}

export interface TestProjectRequest {
  readonly targets: readonly AssetDefinition[];
  readonly endpoints: readonly EndpointDefinition[];
  readonly contents: readonly GivenContent[];
  readonly assetChecks: readonly AssetCheckDefinition[];
  /** The only partition there is, besides those that contents name. */
  readonly partition?: string | undefined;
  readonly resources?: GivenResources;
  /** What appending assets have so far: it is not written here, but names partitions. */
  readonly previous?: readonly GivenContent[];
}

/**
 * A project of just these assets and what they are made from. Given assets are cut off from their upstream; where
 * partitions are named, they are the only ones there are, and a given table is empty in those between. Other content is
 * missing there, if what reads it does without (N24).
 */
export function testProject(request: TestProjectRequest): TestProject {
  const { targets, endpoints, contents, assetChecks, partition, previous = [] } = request;
  const given = request.resources ?? givenResources();
  const resourcesOf = (used: ResourceMap): ResourceMap => mapValues(used, given.standIn);
  const byAsset = Map.groupBy(contents, ({ asset }) => asset);
  const narrowed = narrowPartitions([...targets, ...byAsset.keys()], [...contents, ...previous], partition);
  const lenient = targets.filter(({ computation }) => computation.missing === "skip");
  const mayLack = new Set(lenient.flatMap(({ dependencies }) => [...dependencies.values()]));
  const made = new Map<AssetDefinition, AssetDefinition>();
  const standIn = (asset: AssetDefinition): AssetDefinition => {
    const known = made.get(asset);
    if (known !== undefined) return known;
    const content = byAsset.get(asset);
    const { computation } = asset;
    const partitions = narrowed.get(asset.partitions) ?? asset.partitions;
    if (content === undefined) {
      const cut = computation.outputs.filter((output) => byAsset.has(output.asset));
      const dependencies = mapValues(computation.dependencies, standIn);
      const resources = resourcesOf(computation.resources);
      const body = without(cut, computation.body);
      const facts = { ...computation, partitions, dependencies, resources, body };
      standInAll(facts, (output) => !cut.includes(output));
    } else {
      standInAll(
        givenComputation(asset, partitions, content, mayLack.has(asset)),
        (output) => output.asset === asset,
      );
    }
    return made.get(asset) ?? asset;
  };
  const standInAll = (facts: Computation, stands: (output: Output) => boolean): void => {
    defineComputation(facts, (computation) =>
      facts.outputs.filter(stands).map((output) => {
        const { body, dependencies, partitions } = computation;
        const own = byAsset.has(output.asset) ? [] : output.asset.checks;
        const checks = own.map((check) => ({ ...check, rule: standInRule(check.rule, standIn) }));
        const replaced = { ...output.asset, computation, body, dependencies, partitions, checks };
        made.set(output.asset, registerAsset(replaced));
        return { ...output, asset: replaced };
      }),
    );
  };
  const checked = assetChecks.flatMap(({ asset }) => asset ?? []);
  const inChecks = assetChecks.flatMap(({ rule }) => [...rule.dependencies.values()]);
  for (const asset of [
    ...checked,
    ...inChecks,
    ...targets,
    ...endpoints.flatMap((endpoint) => [...endpoint.reads.values()]),
    ...byAsset.keys(),
  ]) {
    standIn(asset);
  }
  const assets = [...made.values()];
  const own = assetChecks.map((check) => standInCheck(check, standIn, resourcesOf));
  const ownOf = (asset: AssetDefinition): readonly CheckDefinition[] =>
    own.filter((check) => check.asset === asset).flatMap(({ checks }) => checks);
  const served = endpoints.map((endpoint) => ({
    ...endpoint,
    reads: mapValues(endpoint.reads, standIn),
    resources: resourcesOf(endpoint.resources),
  }));
  const checks = new Map(assets.map((asset) => [asset, [...asset.checks, ...ownOf(asset)]]));
  const project: ProjectDefinition = {
    name: "test",
    assets,
    jobs: [],
    ops: [],
    endpoints: served,
    checks,
    assetChecks: own,
    resources: [],
    configured: () => given.configured,
    state: undefined,
    data: undefined,
    retentionMs: defaultKeepMs,
    graceMs: defaultGraceMs,
    policy: {},
    hooks: {},
    problems: [],
    site: DefinitionSite.above(testProject),
  };
  return { project, standIn };
}

function standInCheck(
  check: AssetCheckDefinition,
  standIn: (asset: AssetDefinition) => AssetDefinition,
  resourcesOf: (used: ResourceMap) => ResourceMap,
): AssetCheckDefinition {
  const { asset } = check;
  // One object for all: the checks that share it are asked once.
  const dependencies = mapValues(check.rule.dependencies, standIn);
  const rule = { ...check.rule, dependencies, resources: resourcesOf(check.rule.resources) };
  return {
    ...check,
    rule,
    checks: check.checks.map((one) => ({ ...one, rule })),
    asset: asset && standIn(asset),
  };
}

/** What a table is compared with stands in too. A check's SQL names assets by their keys. */
function standInRule(rule: CheckRule, standIn: (asset: AssetDefinition) => AssetDefinition): CheckRule {
  if (rule.rule === "references") return { ...rule, asset: standIn(rule.asset) };
  if (rule.rule !== "no_rows") return rule;
  const assets = rule.sql.assets.map((asset) => (isAsset(asset) ? standIn(asset) : asset));
  return { ...rule, sql: new SqlTree(rule.sql.parts, rule.sql.rows, assets) };
}

function mapValues<K, V, W>(map: ReadonlyMap<K, V>, change: (value: V) => W): ReadonlyMap<K, W> {
  return new Map([...map].map(([key, value]) => [key, change(value)]));
}

/** A function of several outputs still gives those that the test gives; they are left lying. */
function without(given: readonly Output[], body: AssetBody): AssetBody {
  if (given.length === 0 || body.body !== "run") return body;
  const names = new Set(given.map(({ name }) => name));
  return {
    body: "run",
    async run(handles, context) {
      const result = await body.run(handles, context);
      return isRecord(result) && !isSkipped(result)
        ? Object.fromEntries(Object.entries(result).filter(([name]) => !names.has(name)))
        : result;
    },
  };
}

function givenComputation(
  asset: AssetDefinition,
  partitions: PartitionDefinition,
  contents: readonly GivenContent[],
  mayLack: boolean,
): Computation {
  const run = (_: object, context: object): unknown => {
    const key = "partition" in context ? (context.partition as { key: string }).key : undefined;
    const found = contents.find((content) => content.partition === key);
    if (found !== undefined) return found.content;
    if (asset.kind === "table") return [];
    const reason = `nothing is given for its partition ${key}`;
    if (mayLack) return skip(reason);
    throw new MillraceError("STEP_FAILED", { step: asset.key, reason });
  };
  // What is given needs no config to be made from.
  const { config: _, ...rest } = asset.computation;
  return {
    ...rest,
    key: asset.key,
    body: { body: "run", run },
    dependencies: new Map(),
    resources: noResources,
    partitions,
    policy: { retry: noRetry },
    hooks: {},
    triggerRule: "all_success",
    missing: "block",
    named: false,
    subset: false,
  };
}

/** Each partitioning that is named somewhere, cut to the stretch from the first to the last partition named. */
function narrowPartitions(
  assets: readonly AssetDefinition[],
  contents: readonly GivenContent[],
  partition: string | undefined,
): ReadonlyMap<PartitionDefinition, PartitionDefinition> {
  const named = new Map<PartitionDefinition, Set<string>>();
  const name = (definition: PartitionDefinition, key: string | undefined): void => {
    if (definition.kind === "none" || key === undefined) return;
    named.set(definition, (named.get(definition) ?? new Set()).add(key));
  };
  for (const { asset, partition: key } of contents) name(asset.partitions, key);
  for (const asset of assets) name(asset.partitions, partition);
  return new Map([...named].map(([definition, keys]) => [definition, narrow(definition, [...keys])]));
}

function narrow(definition: PartitionDefinition, keys: readonly string[]): PartitionDefinition {
  if (definition.kind === "static")
    return { ...definition, keys: definition.keys.filter((key) => keys.includes(key)) };
  if (definition.kind === "none") return definition;
  const ordinals = keys.map((key) => {
    const ordinal = parseTimeKey(definition.unit, key);
    if (ordinal !== undefined) return ordinal;
    const details = {
      partition: key,
      key: "the asset",
      known: `${definition.unit}s, written like ${definition.unit === "month" ? "2001-01" : "2001-01-31"}`,
    };
    throw new MillraceError("PARTITION_UNKNOWN", details);
  });
  return { ...definition, first: Math.min(...ordinals), last: Math.max(...ordinals) };
}
