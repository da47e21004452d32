import { isExternal, type AssetDefinition } from "../asset/asset-definition.ts";
import type { Computation } from "../asset/computation.ts";
import { RangeCursor } from "../partition/range-cursor.ts";
import { RangeSet } from "../partition/range-set.ts";
import { wholeRange, type PartitionRange } from "../partition/range.ts";
import { knownAsset } from "./known-asset.ts";
import type { PlanRequest } from "./plan-request.ts";
import type { BlockedSteps } from "./plan-outline.ts";
import { missingOf, stepInputs } from "./step-inputs.ts";

interface Lacking {
  readonly blocked: readonly BlockedSteps[];
  readonly without: readonly BlockedSteps[];
}

/** Of what one computation reads: what is planned in the same run, and what is nowhere to be had. */
export class InputCoverage {
  /** Where what is planned of the partitions that each step reads begins and ends. */
  readonly cursor: RangeCursor<PartitionRange>;
  readonly #computation: Computation;
  readonly #planned: ReadonlyMap<AssetDefinition, RangeSet>;
  readonly #request: PlanRequest;
  /** Something that all steps read is planned. */
  readonly #allWait: boolean;

  constructor(
    computation: Computation,
    planned: ReadonlyMap<AssetDefinition, RangeSet>,
    request: PlanRequest,
  ) {
    this.#computation = computation;
    this.#planned = planned;
    this.#request = request;
    const inputs = stepInputs(computation, wholeRange, request.known, request.now);
    const read = inputs.map(({ asset }) => asset);
    const own = read.filter((asset) => this.#isOwn(asset));
    // Checks read what is made in the same run, so that goes first.
    const inChecks = request.graph.waitsFor(computation).filter((asset) => !read.includes(asset));
    this.#allWait =
      inChecks.some((asset) => planned.has(asset)) ||
      inputs.some(
        ({ asset, ranges }) =>
          !this.#isOwn(asset) && !this.#plannedOf(asset).intersection(RangeSet.of(ranges)).isEmpty,
      );
    const waiting = RangeSet.of(own.flatMap((asset) => this.#plannedOf(asset).ranges));
    this.cursor = new RangeCursor(waiting.ranges, (range) => range);
  }

  /** Does a step read anything that is made in the same run? Asked in order. */
  waitsAt(slice: string, ordinal: number): boolean {
    const waits = this.cursor.seek(slice, ordinal) !== undefined;
    return waits || this.#allWait;
  }

  /** Those of the steps that lack something that is neither there nor planned, and those that do without it (N24). */
  lacking(steps: RangeSet): Lacking {
    const blocked: BlockedSteps[] = [];
    const without: BlockedSteps[] = [];
    for (const lacking of this.#lacking(steps)) {
      const skips =
        this.#computation.missing === "skip" && lacking.dependencySpace.definition.kind !== "none";
      (skips ? without : blocked).push(lacking);
    }
    return { blocked, without };
  }

  #lacking(steps: RangeSet): readonly BlockedSteps[] {
    const { known, now, view } = this.#request;
    return stepInputs(this.#computation, wholeRange, known, now).flatMap((input): BlockedSteps[] => {
      const { asset } = input;
      if (isExternal(asset)) return [];
      const place = knownAsset(known, asset);
      const own = this.#isOwn(asset);
      const needed = own ? steps : RangeSet.of(input.ranges);
      const missing = missingOf({ ...input, ranges: needed.ranges }, view, place).difference(
        this.#plannedOf(asset),
      );
      if (missing.isEmpty) return [];
      const [output] = this.#computation.outputs;
      if (output === undefined) return [];
      return [
        {
          computation: this.#computation,
          space: knownAsset(known, output.asset).space,
          partitions: own ? missing : steps,
          dependency: asset,
          dependencySpace: place.space,
          missing,
          own,
        },
      ];
    });
  }

  #plannedOf(asset: AssetDefinition): RangeSet {
    return this.#planned.get(asset) ?? RangeSet.empty;
  }

  /** Does each step read the partition that is its own? */
  #isOwn(asset: AssetDefinition): boolean {
    const { partitions } = this.#computation;
    return partitions.kind !== "none" && asset.partitions === partitions;
  }
}
