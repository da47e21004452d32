import { defaultGraceMs, defaultKeepMs } from "../core/catalog/retention.ts";
import { registerAsset, type AssetDefinition } from "../core/asset/asset-definition.ts";
import { defineComputation, type Computation, type Output } from "../core/asset/computation.ts";
import type { AssetCheckDefinition, CheckDefinition } from "../core/check/check-definition.ts";
import { DefinitionSite } from "../core/definition-site.ts";
import type { EndpointDefinition } from "../core/endpoint/endpoint-definition.ts";
import type { JobDefinition } from "../core/job/job-definition.ts";
import type { OpDefinition } from "../core/op/op-definition.ts";
import { noResources, type ResourceMap } from "../core/resource/resource-definition.ts";
import type { ProjectDefinition } from "../core/project/project.ts";
import { givenComputation } from "./given-computation.ts";
import { givenOps } from "./given-ops.ts";
import { givenResources } from "./given-resources.ts";
import { mapValues } from "./map-values.ts";
import { narrowPartitions } from "./narrow-partitions.ts";
import { standInBody } from "./stand-in-body.ts";
import { standInCheck, standInRule } from "./stand-in-check.ts";
import { namedAssets, standInJob } from "./stand-in-job.ts";
import { contentsOf, type RunTestOptions } from "./test-options.ts";

export interface TestProject {
  readonly project: ProjectDefinition;
  /** What stands for an asset in this test. */
  readonly standIn: (asset: AssetDefinition) => AssetDefinition;
  /** And for an op. */
  readonly standInOp: (op: OpDefinition) => OpDefinition;
}

/** What a test is about. */
export interface TestSubject {
  readonly assets?: readonly AssetDefinition[];
  readonly endpoints?: readonly EndpointDefinition[];
  readonly assetChecks?: readonly AssetCheckDefinition[];
  readonly job?: JobDefinition;
  /** The only partition there is, besides those that given contents name. */
  readonly partition?: string | undefined;
}

/**
 * A project of just these definitions and what they are made from. Given assets are cut off from their upstream; where
 * partitions are named, they are the only ones there are, and a given table is empty in those between. Other content is
 * missing there, if what reads it does without (N24).
 */
export function testProject(subject: TestSubject, options: RunTestOptions = {}): TestProject {
  const { endpoints = [], assetChecks = [], job, partition } = subject;
  const contents = contentsOf(options.given);
  // What appending assets have so far is not written here, but names partitions.
  const named = [...contents, ...contentsOf(options.previous)];
  const given = givenResources(options.resources);
  const runs = givenOps(options.ops);
  const targets = [
    ...(subject.assets ?? []),
    ...(job === undefined ? [] : namedAssets(job, (op) => runs.has(op))),
  ];
  const resourcesOf = (used: ResourceMap): ResourceMap => mapValues(used, given.standIn);
  const byAsset = Map.groupBy(contents, ({ asset }) => asset);
  const narrowed = narrowPartitions([
    ...named.map(({ asset, partition: key }) => ({ partitions: asset.partitions, key })),
    ...[...targets, ...byAsset.keys(), ...(job === undefined ? [] : [job])].map(({ partitions }) => ({
      partitions,
      key: partition,
    })),
  ]);
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
      const isCut = (output: Output): boolean => byAsset.has(output.asset);
      const cut = new Set(computation.outputs.filter(isCut).map(({ name }) => name));
      const facts = {
        ...computation,
        partitions,
        dependencies: mapValues(computation.dependencies, standIn),
        resources: resourcesOf(computation.resources),
        body: standInBody(computation, cut, { asset: standIn, op: standInOp }),
      };
      standInAll(facts, (output) => !isCut(output));
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
  const ops = new Map<OpDefinition, OpDefinition>();
  const standInOp = (op: OpDefinition): OpDefinition => {
    const known = ops.get(op);
    if (known !== undefined) return known;
    const run = runs.get(op);
    const found =
      run === undefined
        ? { ...op, dependencies: mapValues(op.dependencies, standIn), resources: resourcesOf(op.resources) }
        : replacedOp(op, run);
    ops.set(op, Object.freeze(found));
    return found;
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
  const by = { asset: standIn, op: standInOp, partitions: narrowed };
  const checks = new Map(assets.map((asset) => [asset, [...asset.checks, ...ownOf(asset)]]));
  const project: ProjectDefinition = {
    name: "test",
    assets,
    jobs: job === undefined ? [] : [standInJob(job, by)],
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
  return { project, standIn, standInOp };
}

/** Nothing is needed for what a test has done instead, and nobody is told of it. */
function replacedOp(op: OpDefinition, run: OpDefinition["run"]): OpDefinition {
  const { config: _, ...rest } = op;
  return { ...rest, run, dependencies: new Map(), resources: noResources, hooks: {} };
}
