import { partitions as partitionsRule, stepPolicyRules, tags } from "../asset/asset-option-rules.ts";
import type { Tagged } from "../brand.ts";
import { isDefinitionName } from "../definition-name.ts";
import type { DefinitionSite } from "../definition-site.ts";
import { MillraceError } from "../errors.ts";
import { recordGraph, type RecordedGraph } from "../graph/record-graph.ts";
import type { RunHooks } from "../hook/hook.ts";
import { runHooksRule } from "../hook/hook-rules.ts";
import {
  anything,
  callable,
  fittingOptions,
  isRecord,
  objectSchema,
  oneOf,
  text,
  type OptionRules,
} from "../option-rules.ts";
import { unpartitioned, type PartitionDefinition } from "../partition/partitions.ts";
import { publishPolicies, type PublishPolicy } from "../run/publish-policy.ts";
import { definedPolicy, limitMs, type StepPolicyOptions } from "../run/step-policy.ts";
import type { AnyObject } from "../schema.ts";
import { assetSelection } from "./asset-selection.ts";
import { registerJob, type JobBody, type JobDefinition } from "./job-definition.ts";
import { materializeTool } from "./materialize-tool.ts";

interface Given extends StepPolicyOptions {
  readonly description?: string;
  readonly graph?: (context: object) => unknown;
  readonly assets?: unknown;
  readonly config?: AnyObject;
  readonly partitions?: PartitionDefinition;
  readonly publish?: PublishPolicy;
  readonly runTimeout?: string;
  readonly hooks?: RunHooks;
  readonly tags?: Readonly<Record<string, string>>;
}

const optionRules: OptionRules = {
  description: text,
  graph: callable,
  // What is no selection is told in words of its own.
  assets: anything,
  ...stepPolicyRules,
  // What is no duration is told in words of its own, too.
  runTimeout: anything,
  hooks: runHooksRule,
  config: objectSchema,
  partitions: partitionsRule,
  publish: oneOf(...publishPolicies),
  tags,
};

export function defineJob(
  givenName: unknown,
  given: unknown,
  site: DefinitionSite,
): JobDefinition & Tagged<"job"> {
  const name = typeof givenName === "string" ? givenName : "";
  const place = { job: name, ...site.place };
  const problems: MillraceError[] = [];
  const invalid = (reason: string): void => {
    const details = { what: "job", key: name === "" ? '""' : name, reason };
    problems.push(new MillraceError("INVALID_OPTION", details, { place }));
  };
  if (!isDefinitionName(givenName)) {
    const details = { what: "a job", name: JSON.stringify(givenName) ?? "undefined" };
    problems.push(new MillraceError("INVALID_NAME", details, { place }));
  }
  const options = fittingOptions(given as Given, optionRules, invalid);
  const gives = (option: string): boolean => isRecord(given) && given[option] !== undefined;
  if (gives("graph") === gives("assets")) invalid("it needs exactly one of graph and assets");
  for (const reason of options.partitions?.problems ?? []) invalid(`partitions: ${reason}`);
  const { description, config, publish, runTimeout } = options;
  const runTimeoutMs = runTimeout === undefined ? undefined : limitMs("runTimeout", runTimeout, invalid);
  let recorded: RecordedGraph | undefined;
  const built = (): RecordedGraph =>
    (recorded ??= recordGraph(
      {
        owner: { what: `the job ${name}`, place: { job: name } },
        graph: options.graph ?? (() => undefined),
        config: config !== undefined,
        partition: options.partitions !== undefined,
        tools: (recording) => ({ materialize: materializeTool(recording) }),
      },
      site,
    ));
  const body: JobBody = gives("assets")
    ? Object.freeze({ body: "assets", ...assetSelection(options.assets, invalid) })
    : Object.freeze({ body: "graph", graph: () => built().graph });
  return registerJob({
    name,
    body,
    partitions: options.partitions ?? partitionsOf(body),
    tags: options.tags ?? {},
    ...definedPolicy(options, invalid),
    ...(options.hooks === undefined ? {} : { hooks: options.hooks }),
    ...(description === undefined ? {} : { description }),
    ...(config === undefined ? {} : { config }),
    ...(publish === undefined ? {} : { publish }),
    ...(runTimeoutMs === undefined ? {} : { runTimeoutMs }),
    problems: () => (body.body === "graph" ? [...problems, ...built().problems] : problems),
    site,
  }) as never;
}

/** Those of the assets that it was given, where they are alike. */
function partitionsOf(body: JobBody): PartitionDefinition {
  const found = body.body === "assets" ? body.assets.map(({ partitions }) => partitions) : [];
  const [first, ...others] = new Set(found.filter(({ kind }) => kind !== "none"));
  return first === undefined || others.length > 0 ? unpartitioned : first;
}
