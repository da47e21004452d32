import { isAsset, type AssetDefinition } from "../asset/asset-definition.ts";
import type { AnyAsset, Dependencies, HandleOf, Handles } from "../asset/asset-types.ts";
import type { CheckContext, MetadataValue } from "../asset/run-context.ts";
import { assetsFor } from "../asset/asset-option-rules.ts";
import type { MaybePromise, Problem, Tagged } from "../brand.ts";
import { DefinitionSite } from "../definition-site.ts";
import { MillraceError } from "../errors.ts";
import { anything, callable, fittingOptions, isRecord, type OptionRules } from "../option-rules.ts";
import {
  registerAssetCheck,
  type AssetCheckDefinition,
  type CheckDefinition,
  type CheckRule,
} from "./check-definition.ts";
import { checkOptionRules, type CheckOptions } from "./check.ts";

/** What a check in TypeScript found. */
export interface CheckResult {
  readonly passed: boolean;
  /** For people: what was found. */
  readonly description?: string;
  readonly metadata?: Readonly<Record<string, MetadataValue>>;
}

/** A check of its own, on an asset defined elsewhere. */
export interface AssetCheck<out Name extends string> extends Tagged<"asset-check"> {
  readonly name: Name;
}

type CheckHandles<A extends AnyAsset, D> = Handles<D, A["partitions"]> & {
  readonly asset: HandleOf<A, A["partitions"]>;
};
type NotNamedAsset<D> = {
  readonly [K in keyof D & "asset"]: Problem<"`asset` is the checked one: give it another key">;
};

const { blocking, severity } = checkOptionRules;
const optionRules: OptionRules = {
  asset: anything,
  deps: assetsFor("run"),
  run: callable,
  blocking,
  severity,
};

/**
 * A check written in TypeScript. `asset` is the version under test, which nobody else sees yet.
 *
 * @returns from `run`: true when it passed, or a {@link CheckResult}
 * @example
 * export const beatsBaseRate = assetCheck("beats the base rate", {
 *   asset: delayModel,
 *   run: async ({ asset }) => {
 *     const { logLoss, baseLogLoss } = (await asset.load()).metrics;
 *     return { passed: logLoss < baseLogLoss, metadata: { logLoss, baseLogLoss } };
 *   },
 * });
 */
export function assetCheck<const N extends string, A extends AnyAsset, D extends Dependencies = {}>(
  name: N,
  options: Omit<CheckOptions, "name"> & {
    readonly asset: A;
    readonly deps?: D & NotNamedAsset<NoInfer<D>>;
    readonly run: (
      handles: CheckHandles<A, D>,
      context: CheckContext<A["partitions"]>,
    ) => MaybePromise<boolean | CheckResult>;
  },
): AssetCheck<N> {
  return define(
    name,
    options as unknown as AnyOptions,
    DefinitionSite.above(assetCheck),
  ) as AssetCheckDefinition & AssetCheck<N>;
}

type AnyOptions = Partial<Pick<CheckDefinition, "blocking" | "severity">> & {
  readonly asset?: unknown;
  readonly deps?: Readonly<Record<string, unknown>>;
  readonly run?: RunRule["run"];
};
type RunRule = Extract<CheckRule, { readonly rule: "run" }>;

function define(givenName: unknown, given: AnyOptions, site: DefinitionSite): AssetCheckDefinition {
  const problems: MillraceError[] = [];
  const name = typeof givenName === "string" ? givenName : "";
  const key = name === "" ? '""' : name;
  const invalid = (reason: string): void => {
    problems.push(new MillraceError("INVALID_OPTION", { what: "check", key, reason }, { place: site.place }));
  };
  if (name === "") invalid("its name must be a text that is not empty");
  const options = fittingOptions(given, optionRules, invalid);
  const about = options.asset;
  if (!isAsset(about)) invalid("asset is no asset");
  const dependencies = new Map<string, AssetDefinition>();
  for (const [key, dependency] of Object.entries<unknown>(options.deps ?? {})) {
    if (isAsset(dependency)) dependencies.set(key, dependency);
    else invalid(`the dependency ${key} is no asset`);
  }
  if (!isRecord(given) || given["run"] === undefined) invalid("it needs run, a function");
  return registerAssetCheck({
    name,
    blocking: options.blocking ?? true,
    severity: options.severity ?? "error",
    rule: { rule: "run", dependencies, run: options.run ?? (() => false) },
    asset: isAsset(about) ? about : undefined,
    problems,
    site,
  });
}
