import { isAsset, type AssetDefinition } from "../asset/asset-definition.ts";
import { stepPolicyRules } from "../asset/asset-option-rules.ts";
import type { RetryOptions } from "../asset/retry.ts";
import { formatDuration, parseDuration } from "../duration.ts";
import type { Tagged } from "../brand.ts";
import { defaultGraceMs, defaultKeepMs, longestBlindMs } from "../catalog/retention.ts";
import { isAssetCheck, type AssetCheckDefinition, type CheckDefinition } from "../check/check-definition.ts";
import { DefinitionSite } from "../definition-site.ts";
import { isEndpoint, type EndpointDefinition } from "../endpoint/endpoint-definition.ts";
import { MillraceError } from "../errors.ts";
import type { RunHooks } from "../hook/hook.ts";
import { runHooksRule } from "../hook/hook-rules.ts";
import { isJob, type JobDefinition } from "../job/job-definition.ts";
import { opDefinition, type OpDefinition } from "../op/op-definition.ts";
import { fittingOptions, isRecord, list, text, type OptionRules } from "../option-rules.ts";
import { isResource, type ResourceDefinition } from "../resource/resource-definition.ts";
import { definedPolicy, type StepPolicy } from "../run/step-policy.ts";
import type { ConfiguredResource } from "../resource/configured-resource.ts";
import { resourceSettings } from "./resource-settings.ts";

/** Definitions, and where state and data live. */
export interface Project<out D extends readonly object[]> extends Tagged<"project"> {
  readonly name: string;
  readonly definitions: D;
}

export interface ProjectOptions<D extends readonly object[]> {
  /** Identity of the project in state: letters, digits, `_` and `-`. */
  readonly name: string;
  /** Modules (`import * as assets`), or definitions themselves. Exports that are no definitions are passed over. */
  readonly definitions: D;
  /**
   * Where state lives: a folder relative to the project's (`.millrace` when absent), or a PostgreSQL URL. The
   * environment variable `MILLRACE_STATE` overrides it.
   */
  readonly state?: string;
  /** Folder of the data, relative to the project's; `.millrace/data` when absent. `MILLRACE_DATA` overrides it. */
  readonly data?: string;
  /**
   * For how long a snapshot is kept after another took its place: "7d", "90d". 30 days when absent. Till then it can be
   * read and rolled back to; a pinned one is kept until its name is given up. An asset may say otherwise for itself.
   */
  readonly retention?: string;
  /**
   * For how long `millrace gc` leaves what it has given up, since requests may still be reading it: "30m". 15 minutes
   * when absent. At least twice the longest time limit of an endpoint.
   */
  readonly grace?: string;
  /**
   * What resources are configured with, by their `with`; a function when that depends on the environment, by whose name
   * ("main") it is asked. A run's own config goes before it.
   */
  readonly resources?:
    | readonly ConfiguredResource[]
    | ((environment: string) => readonly ConfiguredResource[]);
  /** Tries after a failed one, of every step that says nothing of it itself; none when absent. */
  readonly retry?: RetryOptions;
  /** Longest time for one attempt, of every step that says nothing of it itself: "30m". No limit when absent. */
  readonly timeout?: string;
  /** What to do once a run has ended, or a step of one. */
  readonly hooks?: RunHooks;
}

/** A project as data: every definition once, under the name it was exported by. */
export interface ProjectDefinition {
  readonly name: string;
  readonly assets: readonly AssetDefinition[];
  readonly endpoints: readonly EndpointDefinition[];
  readonly jobs: readonly JobDefinition[];
  /** Those that are exported. Jobs may call others besides. */
  readonly ops: readonly OpDefinition[];
  /** By asset: its own checks and those defined elsewhere. */
  readonly checks: ReadonlyMap<AssetDefinition, readonly CheckDefinition[]>;
  readonly assetChecks: readonly AssetCheckDefinition[];
  /** Those that are exported or configured; others are found where something works with them. */
  readonly resources: readonly ResourceDefinition[];
  /** What they are configured with in an environment, as the author gave it. */
  readonly configured: (environment: string) => unknown;
  readonly state: string | undefined;
  readonly data: string | undefined;
  readonly retentionMs: number;
  readonly graceMs: number;
  /** How steps are tried that do not say so themselves. */
  readonly policy: StepPolicy;
  readonly hooks: RunHooks;
  /** Mistakes in what `defineProject` was given. */
  readonly problems: readonly MillraceError[];
  readonly site: DefinitionSite;
}

const optionRules: OptionRules = {
  name: text,
  definitions: list,
  state: text,
  data: text,
  retention: text,
  grace: text,
  resources: {
    wanted: "a list of what resources give by their with, or a function that gives one for an environment",
    fits: (value) => Array.isArray(value) || typeof value === "function",
  },
  ...stepPolicyRules,
  hooks: runHooksRule,
};

const projects = new WeakMap<object, ProjectDefinition>();

/**
 * Puts the definitions of a project together. The default export of `millrace.config.ts`.
 *
 * @example
 * import * as assets from "./assets.ts";
 * import * as api from "./api.ts";
 * export default defineProject({ name: "flights", definitions: [assets, api] });
 */
export function defineProject<const D extends readonly object[]>(options: ProjectOptions<D>): Project<D> {
  const definition = define(options, DefinitionSite.above(defineProject));
  const project = Object.freeze({
    name: definition.name,
    definitions: isRecord(options) ? options.definitions : [],
  });
  projects.set(project, definition);
  return project as unknown as Project<D>;
}

type AnyOptions = Partial<Omit<ProjectOptions<[]>, "definitions">> & {
  readonly definitions?: readonly unknown[];
};

function define(options: AnyOptions, site: DefinitionSite): ProjectDefinition {
  const problems: MillraceError[] = [];
  const invalid = (reason: string): void => {
    const key = isRecord(options) && typeof options["name"] === "string" ? options["name"] : '""';
    problems.push(
      new MillraceError("INVALID_OPTION", { what: "project", key, reason }, { place: site.place }),
    );
  };
  const { name = "", definitions = [], state, data, ...rest } = fittingOptions(options, optionRules, invalid);
  const assets = new Set<AssetDefinition>();
  const endpoints = new Map<EndpointDefinition, string | undefined>();
  const assetChecks = new Set<AssetCheckDefinition>();
  const resources = new Set<ResourceDefinition>();
  const jobs = new Set<JobDefinition>();
  const ops = new Set<OpDefinition>();
  const add = (candidate: unknown, name?: string): void => {
    // What is made together belongs together, even where only a part of it is exported.
    if (isAsset(candidate)) for (const { asset } of candidate.computation.outputs) assets.add(asset);
    else if (isEndpoint(candidate))
      endpoints.set(candidate, endpoints.get(candidate) ?? candidate.name ?? name);
    else if (isAssetCheck(candidate)) assetChecks.add(candidate);
    else if (isResource(candidate)) resources.add(candidate);
    else if (isJob(candidate)) jobs.add(candidate);
    else {
      const op = opDefinition(candidate);
      if (op !== undefined) ops.add(op);
    }
  };
  for (const [index, entry] of definitions.entries()) {
    add(entry);
    if (isDefinition(entry)) continue;
    if (typeof entry !== "object" || entry === null) {
      invalid(`definitions[${index}] is neither a module nor a definition`);
      continue;
    }
    for (const [name, exported] of Object.entries(entry)) {
      add(exported, name);
      if (!isCollection(exported)) continue;
      for (const [inner, made] of Object.entries(exported)) add(made, `${name}_${inner}`);
    }
  }
  const checks = new Map<AssetDefinition, readonly CheckDefinition[]>();
  for (const asset of assets) checks.set(asset, asset.checks);
  for (const { asset, checks: more } of assetChecks) {
    const own = asset && checks.get(asset);
    if (own !== undefined) checks.set(asset as AssetDefinition, [...own, ...more]);
  }
  const duration = (option: "retention" | "grace", absent: number): number => {
    const text = rest[option];
    const found = text === undefined ? absent : parseDuration(text);
    if (found === undefined)
      invalid(`the ${option} ${JSON.stringify(text)} is no duration; write it like "30d" or "20m"`);
    return found ?? absent;
  };
  const graceMs = duration("grace", defaultGraceMs);
  const slowest = Math.max(0, ...[...endpoints.keys()].map(({ timeLimitMs }) => timeLimitMs));
  if (longestBlindMs(graceMs) < slowest) {
    const needed = formatDuration(2 * slowest);
    invalid(`the grace must be at least ${needed}, twice the longest timeLimit of its endpoints`);
  }
  const { resources: given = [] } = rest;
  const configured = typeof given === "function" ? given : (): unknown => given;
  if (typeof given !== "function") {
    const settings = resourceSettings({ name, configured, site }, "");
    problems.push(...settings.problems);
    for (const resource of settings.configs.keys()) resources.add(resource);
  }
  return {
    name,
    configured,
    retentionMs: duration("retention", defaultKeepMs),
    graceMs,
    policy: definedPolicy(rest, invalid),
    hooks: rest.hooks ?? {},
    assets: [...assets],
    endpoints: [...endpoints].map(([definition, name]) =>
      definition.name === name ? definition : Object.freeze({ ...definition, name }),
    ),
    jobs: [...jobs],
    ops: [...ops],
    checks,
    assetChecks: [...assetChecks],
    resources: [...resources],
    state,
    data,
    problems,
    site,
  };
}

function isDefinition(candidate: unknown): boolean {
  return (
    isAsset(candidate) ||
    isEndpoint(candidate) ||
    isAssetCheck(candidate) ||
    isResource(candidate) ||
    isJob(candidate) ||
    opDefinition(candidate) !== undefined
  );
}

/** A record or list of definitions, as factories give them; never an instance of something, whose getters might do work. */
function isCollection(exported: unknown): exported is object {
  if (typeof exported !== "object" || exported === null) return false;
  if (isDefinition(exported)) return false;
  const prototype: unknown = Object.getPrototypeOf(exported);
  return prototype === Object.prototype || prototype === Array.prototype || prototype === null;
}

/** What `defineProject` made of it; undefined for anything else. */
export function projectDefinition(candidate: unknown): ProjectDefinition | undefined {
  return typeof candidate === "object" && candidate !== null ? projects.get(candidate) : undefined;
}
