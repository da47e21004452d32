import type { AssetDefinition } from "../asset/asset-definition.ts";
import type { Computation } from "../asset/computation.ts";
import type { PartitionRange } from "../partition/range.ts";
import { RangeSet } from "../partition/range-set.ts";
import type { ProjectGraph } from "../project/project-graph.ts";
import type { KnownAsset } from "./known-asset.ts";
import { stepInputs } from "./step-inputs.ts";

interface PlacedStep {
  readonly key: string;
  readonly computation: Computation;
  readonly outputs: readonly { readonly asset: AssetDefinition }[];
  readonly range: PartitionRange;
}

/** Of some steps: which of them each one waits for, because it or its checks read what they make. */
export function stepEdges(
  steps: readonly PlacedStep[],
  graph: ProjectGraph,
  known: ReadonlyMap<string, KnownAsset>,
  now: number,
): (step: PlacedStep) => readonly string[] {
  const keys = new Map<string, Map<number, string>>();
  for (const { key, outputs, range } of steps) {
    for (const { asset } of outputs) {
      const ofAsset = keys.get(asset.key);
      if (ofAsset === undefined) keys.set(asset.key, new Map([[range.from, key]]));
      else ofAsset.set(range.from, key);
    }
  }
  const readers = new Map<Computation, readonly AssetDefinition[]>();
  const inChecksOf = (computation: Computation): readonly AssetDefinition[] => {
    const known = readers.get(computation);
    if (known !== undefined) return known;
    const inputs = new Set(computation.dependencies.values());
    const waited = graph.waitsFor(computation).filter((asset) => !inputs.has(asset));
    readers.set(computation, waited);
    return waited;
  };
  return ({ computation, range }) => {
    const read = stepInputs(computation, range, known, now).flatMap((input) =>
      keysWithin(keys.get(input.asset.key) ?? new Map<number, string>(), input.ranges),
    );
    const inChecks = inChecksOf(computation).flatMap((waited) => [...(keys.get(waited.key)?.values() ?? [])]);
    return [...new Set([...read, ...inChecks])];
  };
}

/** One partition among a million is looked up; of all partitions those that are there are gone through. */
function keysWithin(keys: ReadonlyMap<number, string>, ranges: readonly PartitionRange[]): readonly string[] {
  const [only] = ranges;
  if (ranges.length === 1 && only !== undefined && only.to - only.from === 1) {
    const key = keys.get(only.from);
    return key === undefined ? [] : [key];
  }
  const set = RangeSet.of(ranges);
  return [...keys].flatMap(([ordinal, key]) => (set.has(ordinal) ? key : []));
}
