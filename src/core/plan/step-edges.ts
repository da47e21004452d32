import type { AssetDefinition } from "../asset/asset-definition.ts";
import type { Computation } from "../asset/computation.ts";
import type { PartitionRange } from "../partition/range.ts";
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
  return ({ computation, range }) => {
    const read = stepInputs(computation, range, known, now).flatMap((input) =>
      [...(keys.get(input.asset.key) ?? [])]
        .filter(([ordinal]) => input.ranges.some(({ from, to }) => ordinal >= from && ordinal < to))
        .map(([, key]) => key),
    );
    const inputs = new Set(computation.dependencies.values());
    const inChecks = graph
      .waitsFor(computation)
      .filter((waited) => !inputs.has(waited))
      .flatMap((waited) => [...(keys.get(waited.key)?.values() ?? [])]);
    return [...new Set([...read, ...inChecks])];
  };
}
