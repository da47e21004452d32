import { isExternal, type AssetDefinition } from "../../core/asset/asset-definition.ts";
import type { PartitionRange } from "../../core/partition/range.ts";
import { RangeSet } from "../../core/partition/range-set.ts";
import { stepInputs } from "../../core/plan/step-inputs.ts";
import type { ControlContext } from "../control-context.ts";
import type { ProjectStatus, StaleOutputs } from "../assets/project-status.ts";

/** Something further up that is stale by itself, and the way there. */
export interface StaleRoot {
  /** From what is asked about (not in it) to what is stale (last). */
  readonly path: readonly AssetDefinition[];
  readonly outputs: readonly StaleOutputs[];
}

/** Walks up from what may have to run until it meets what surely has to (N21). Each asset is told once, by the shortest way. */
export function staleRoots(
  asset: AssetDefinition,
  ranges: readonly PartitionRange[],
  status: ProjectStatus,
  { known, clock }: ControlContext,
): readonly StaleRoot[] {
  const roots: StaleRoot[] = [];
  const seen = new Set([asset]);
  const waiting: { asset: AssetDefinition; ranges: readonly PartitionRange[]; path: AssetDefinition[] }[] = [
    { asset, ranges, path: [] },
  ];
  // The list grows while it is walked, nearest first.
  for (const place of waiting) {
    const read = new Map<AssetDefinition, PartitionRange[]>();
    for (const range of place.ranges) {
      for (const input of stepInputs(place.asset, range, known, clock.now())) {
        const known = read.get(input.asset);
        if (known === undefined) read.set(input.asset, [...input.ranges]);
        else known.push(...input.ranges);
      }
    }
    for (const [upstream, readRanges] of read) {
      if (isExternal(upstream) || seen.has(upstream)) continue;
      seen.add(upstream);
      const set = RangeSet.of(readRanges);
      const due = (status.due.get(upstream) ?? [])
        .map((outputs) => ({ ...outputs, partitions: outputs.partitions.intersection(set) }))
        .filter(({ partitions }) => !partitions.isEmpty);
      const path = [...place.path, upstream];
      const outputs = due.filter(({ causes }) => causes.length > 0);
      if (outputs.length > 0) roots.push({ path, outputs });
      const further = due
        .filter(({ causes }) => causes.length === 0)
        .flatMap(({ partitions }) => partitions.ranges);
      if (further.length > 0) waiting.push({ asset: upstream, ranges: further, path });
    }
  }
  return roots;
}
