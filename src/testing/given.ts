import { isAsset, type AssetDefinition } from "../core/asset/asset-definition.ts";
import type { AnyAsset, FileAsset, TableAsset, ValueAsset } from "../core/asset/asset-types.ts";
import type { Tagged } from "../core/brand.ts";
import { MillraceError } from "../core/errors.ts";
import type { PartitionKeyOf, Unpartitioned } from "../core/partition/partition-types.ts";

/** An asset's content in a test. */
export interface GivenAsset extends Tagged<"given"> {
  readonly partition: string | undefined;
}

export interface GivenContent {
  readonly asset: AssetDefinition;
  readonly content: unknown;
  readonly partition: string | undefined;
}

/* oxlint-disable no-explicit-any -- any partitioning is meant; variance forbids unknown here */
type Content<A> =
  A extends TableAsset<string, infer Row, any>
    ? readonly Row[]
    : A extends ValueAsset<string, infer V, any>
      ? V
      : A extends FileAsset<string, any, any>
        ? Uint8Array | string | { readonly path: string }
        : never;
/* oxlint-enable no-explicit-any */
type InPartition<A extends AnyAsset> = A["partitions"] extends Unpartitioned
  ? []
  : [options: { readonly partition: PartitionKeyOf<A["partitions"]> }];

/**
 * In this test the asset has this content: it is written, read and checked by nobody's code, and nothing upstream of
 * it is needed.
 *
 * @example
 * await materialize([dailyDelays], { given: [given(flights, rows, { partition: "2001-01" })] });
 */
export function given<A extends AnyAsset>(
  asset: A,
  content: Content<A>,
  ...options: InPartition<A>
): GivenAsset {
  const definition: unknown = asset;
  if (!isAsset(definition)) {
    throw new MillraceError("INVALID_OPTION", {
      what: "given",
      key: "asset",
      reason: "the first argument is no asset",
    });
  }
  const [where]: readonly { readonly partition?: string }[] = options;
  const made: GivenContent = { asset: definition, content, partition: where?.partition };
  return made as GivenContent & GivenAsset;
}
