import { isAsset, type AssetDefinition } from "../asset/asset-definition.ts";
import { assetsFor, stepPolicyRules, tags } from "../asset/asset-option-rules.ts";
import { isDefinitionName } from "../definition-name.ts";
import { DefinitionSite } from "../definition-site.ts";
import { MillraceError } from "../errors.ts";
import type { StepHooks } from "../hook/hook.ts";
import { stepHooksRule } from "../hook/hook-rules.ts";
import {
  callable,
  fittingOptions,
  isRecord,
  objectSchema,
  schema,
  text,
  type OptionRules,
} from "../option-rules.ts";
import { resourcesFor, takenBy, usedResources } from "../resource/used-resources.ts";
import { definedPolicy, type StepPolicyOptions } from "../run/step-policy.ts";
import type { AnyObject, AnySchema } from "../schema.ts";
import { callOp } from "./call-op.ts";
import { registerOp, type OpDefinition } from "./op-definition.ts";

interface Given extends StepPolicyOptions {
  readonly description?: string;
  readonly input?: AnyObject;
  readonly output?: AnySchema;
  readonly config?: AnyObject;
  readonly deps?: Readonly<Record<string, unknown>>;
  readonly resources?: Readonly<Record<string, unknown>>;
  readonly tags?: Readonly<Record<string, string>>;
  readonly codeVersion?: string;
  readonly hooks?: StepHooks;
  readonly run?: OpDefinition["run"];
}

const optionRules: OptionRules = {
  description: text,
  input: objectSchema,
  output: schema,
  config: objectSchema,
  deps: assetsFor("run"),
  resources: resourcesFor("run"),
  ...stepPolicyRules,
  hooks: stepHooksRule,
  tags,
  codeVersion: text,
  run: callable,
};

/** What `op` gives: a function for graphs, with its definition behind it. */
export function defineOp(givenName: unknown, given: unknown, site: DefinitionSite): object {
  const problems: MillraceError[] = [];
  const name = typeof givenName === "string" ? givenName : "";
  const invalid = (reason: string): void => {
    const details = { what: "op", key: name === "" ? '""' : name, reason };
    problems.push(new MillraceError("INVALID_OPTION", details, { place: site.place }));
  };
  if (!isDefinitionName(givenName)) {
    const details = { what: "an op", name: JSON.stringify(givenName) ?? "undefined" };
    problems.push(new MillraceError("INVALID_NAME", details, { place: site.place }));
  }
  const { description, input, output, config, deps, resources, codeVersion, run, ...options } =
    fittingOptions(given as Given, optionRules, invalid);
  if (!isRecord(given) || given["run"] === undefined) invalid("it needs run, a function");
  const dependencies = dependenciesOf(deps ?? {}, invalid);
  const taken = takenBy(dependencies.keys(), { input: "what a call gives" });
  const definition: OpDefinition = {
    name,
    dependencies,
    resources: usedResources(resources, taken, invalid),
    run: run ?? (() => undefined),
    tags: options.tags ?? {},
    ...definedPolicy(options, invalid),
    ...(options.hooks === undefined ? {} : { hooks: options.hooks }),
    ...(description === undefined ? {} : { description }),
    ...(input === undefined ? {} : { input }),
    ...(output === undefined ? {} : { output }),
    ...(config === undefined ? {} : { config }),
    ...(codeVersion === undefined ? {} : { codeVersion }),
    problems,
    site,
  };
  const called = (callInput?: unknown, callOptions?: unknown): unknown =>
    callOp(definition, callInput, callOptions, DefinitionSite.above(called));
  return registerOp(called, definition);
}

function dependenciesOf(
  deps: Readonly<Record<string, unknown>>,
  invalid: (reason: string) => void,
): ReadonlyMap<string, AssetDefinition> {
  const dependencies = new Map<string, AssetDefinition>();
  for (const [name, dependency] of Object.entries(deps)) {
    if (name === "input") invalid("the dependency input needs another name: input is what a call gives");
    else if (isAsset(dependency)) dependencies.set(name, dependency);
    else invalid(`the dependency ${name} is no asset`);
  }
  return dependencies;
}
