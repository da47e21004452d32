import type { AnyAsset, Dependencies, HandleOf } from "../asset/asset-types.ts";
import type { CheckContext } from "../asset/run-context.ts";
import type { MaybePromise, Problem, Tagged } from "../brand.ts";
import { DefinitionSite } from "../definition-site.ts";
import type { Unpartitioned } from "../partition/partition-types.ts";
import type { Inputs, NotTaken, Resources } from "../resource/resource.ts";
import type { AssetCheckDefinition, CheckScope } from "./check-definition.ts";
import type { CheckSeverity } from "./check-options.ts";
import type { CheckResult } from "./check-result.ts";
import { defineAssetCheck } from "./define-asset-check.ts";

/** A check of its own, or several that one function answers, on an asset defined elsewhere. */
export interface AssetCheck<out Name extends string> extends Tagged<"asset-check"> {
  readonly names: readonly Name[];
}

/** Of a check of a whole asset, nothing is partitioned. */
type SeenAs<A extends AnyAsset, S extends CheckScope> = [S] extends ["asset"]
  ? Unpartitioned
  : A["partitions"];
type CheckInputs<A extends AnyAsset, D, S extends CheckScope, R> = Inputs<D, SeenAs<A, S>, R> & {
  readonly asset: HandleOf<A, SeenAs<A, S>>;
};
type NotNamedAsset<D> = {
  readonly [K in keyof D & "asset"]: Problem<"`asset` is the checked one: give it another key">;
};

interface Subject<A extends AnyAsset, D, S extends CheckScope, R> {
  readonly asset: A;
  /** Other assets that `run` reads, as the run sees them. */
  readonly deps?: D & NotNamedAsset<NoInfer<D>>;
  /** What `run` works with; instances come beside what it reads. */
  readonly resources?: R & NotNamedAsset<NoInfer<R>> & NotTaken<NoInfer<R>, NoInfer<D>>;
  /**
   * - `partition` (when absent): the version that a step has made
   * - `asset`: the whole asset as it would be after the publish; then `run` gets no partition
   */
  readonly scope?: S;
  /** Longest time it may take, "30s" or "1h"; it has failed then. "10m" when absent. */
  readonly timeout?: string;
}

/** What a failure means, with words for a warning that would block: {@link CheckSeverity} has none. */
interface Meaning<W extends "warn" | "error"> {
  /** "error" when absent. A warning never blocks. */
  readonly severity?: W;
  /** True when absent: a version that fails is not published, and readers keep the last good one. */
  readonly blocking?: [W] extends ["warn"] ? false | Problem<"a warning never blocks"> : boolean;
}

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
export function assetCheck<
  const N extends string,
  A extends AnyAsset,
  D extends Dependencies = {},
  S extends CheckScope = "partition",
  W extends "warn" | "error" = "error",
  R extends Resources = {},
>(
  name: N,
  options: Subject<A, D, S, R> &
    Meaning<W> & {
      readonly run: (
        handles: CheckInputs<A, D, S, R>,
        context: CheckContext<SeenAs<A, S>>,
      ) => MaybePromise<boolean | CheckResult>;
    },
): AssetCheck<N> {
  return defineAssetCheck(name, options as object, DefinitionSite.above(assetCheck)) as AssetCheckDefinition &
    AssetCheck<N>;
}

/**
 * Several checks that one function answers, so that what they share is read once. Each has options of its own.
 *
 * @returns from `run`: a result for each name
 * @example
 * export const calendar = assetChecks({
 *   asset: dailyDelays,
 *   checks: { "no gaps": {}, "no weekends": { severity: "warn" } },
 *   run: async ({ asset }) => {
 *     const days = (await asset.rows()).map(({ day }) => day);
 *     return { "no gaps": hasNoGaps(days), "no weekends": !days.some(isWeekend) };
 *   },
 * });
 */
export function assetChecks<
  const N extends string,
  A extends AnyAsset,
  D extends Dependencies = {},
  S extends CheckScope = "partition",
  R extends Resources = {},
>(
  options: Subject<A, D, S, R> & {
    /** The names, each with what its failure means. */
    readonly checks: Readonly<Record<N, CheckSeverity>>;
    readonly run: (
      handles: CheckInputs<A, D, S, R>,
      context: CheckContext<SeenAs<A, S>>,
    ) => MaybePromise<Readonly<Record<NoInfer<N>, boolean | CheckResult>>>;
  },
): AssetCheck<N> {
  return defineAssetCheck(undefined, options, DefinitionSite.above(assetChecks)) as AssetCheckDefinition &
    AssetCheck<N>;
}
