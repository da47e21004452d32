import type { AssetDefinition } from "../core/asset/asset-definition.ts";
import type { Computation } from "../core/asset/computation.ts";
import { noRetry } from "../core/asset/retry.ts";
import { skip } from "../core/asset/skip.ts";
import { MillraceError } from "../core/errors.ts";
import type { PartitionDefinition } from "../core/partition/partitions.ts";
import { noResources } from "../core/resource/resource-definition.ts";
import type { GivenContent } from "./given.ts";

/** Gives what a test gives. Nothing is needed for it. */
export function givenComputation(
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
