import { isAsset, type AssetDefinition } from "../asset/asset-definition.ts";
import { assetsFor } from "../asset/asset-option-rules.ts";
import type { DefinitionSite } from "../definition-site.ts";
import { MillraceError } from "../errors.ts";
import { anything, callable, fittingOptions, isRecord, type OptionRules } from "../option-rules.ts";
import { resourcesFor, takenBy, usedResources } from "../resource/used-resources.ts";
import {
  registerAssetCheck,
  type AssetCheckDefinition,
  type CheckDefinition,
  type RunRule,
} from "./check-definition.ts";
import { behaviourOf, checkBehaviourRules, type AnyCheckOptions } from "./check-options.ts";

interface AnyOptions extends AnyCheckOptions {
  readonly asset?: unknown;
  readonly deps?: Readonly<Record<string, unknown>>;
  readonly resources?: Readonly<Record<string, unknown>>;
  readonly checks?: Readonly<Record<string, unknown>>;
  readonly run?: unknown;
}

const { blocking, severity, scope, timeout } = checkBehaviourRules;
const shared: OptionRules = {
  asset: anything,
  deps: assetsFor("run"),
  resources: resourcesFor("run"),
  run: callable,
  scope,
  timeout,
};
const ofOne: OptionRules = { ...shared, blocking, severity };
const ofSeveral: OptionRules = { ...shared, checks: { wanted: "options by name", fits: isRecord } };
const ofEach: OptionRules = { blocking, severity };

/** @param name undefined for several, whose names are those of the option `checks` */
export function defineAssetCheck(
  name: unknown,
  given: AnyOptions,
  site: DefinitionSite,
): AssetCheckDefinition {
  const problems: MillraceError[] = [];
  const several = isRecord(given) && isRecord(given.checks) ? Object.keys(given.checks) : [];
  const key = name === undefined ? several.join(", ") : typeof name === "string" ? name : "";
  const invalid = (reason: string): void => {
    const details = { what: "check", key: key === "" ? '""' : key, reason };
    problems.push(new MillraceError("INVALID_OPTION", details, { place: site.place }));
  };
  const options: AnyOptions = fittingOptions(given, name === undefined ? ofSeveral : ofOne, invalid);
  const names = name === undefined ? several : [key];
  if (name === undefined && names.length === 0) invalid("checks names none");
  if (names.includes("")) invalid("its name must be a text that is not empty");
  const about = options.asset;
  if (!isAsset(about)) invalid("asset is no asset");
  const dependencies = new Map<string, AssetDefinition>();
  for (const [dependencyName, dependency] of Object.entries(options.deps ?? {})) {
    if (isAsset(dependency)) dependencies.set(dependencyName, dependency);
    else invalid(`the dependency ${dependencyName} is no asset`);
  }
  if (!isRecord(given) || given["run"] === undefined) invalid("it needs run, a function");
  const taken = takenBy(dependencies.keys(), { asset: "the checked asset" });
  const rule: RunRule = {
    rule: "run",
    dependencies,
    resources: usedResources(options.resources, taken, invalid),
    run: (options.run ?? (() => false)) as RunRule["run"],
    ...(name === undefined ? { names } : {}),
  };
  const checks = names.map((one): CheckDefinition => {
    const wrong = (reason: string): void => invalid(name === undefined ? `${one}: ${reason}` : reason);
    const own = name === undefined ? fittingOptions(options.checks?.[one], ofEach, wrong) : options;
    return { name: one, ...behaviourOf({ ...shareOf(options), ...own }, wrong), rule };
  });
  const asset = isAsset(about) ? about : undefined;
  return registerAssetCheck({ names, checks, rule, asset, problems, site });
}

/** What holds for all checks of one function. */
function shareOf(options: AnyOptions): Pick<AnyCheckOptions, "scope" | "timeout"> {
  return {
    ...(options.scope === undefined ? {} : { scope: options.scope }),
    ...(options.timeout === undefined ? {} : { timeout: options.timeout }),
  };
}
