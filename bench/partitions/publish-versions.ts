import { randomUUID } from "node:crypto";
import type { AssetDefinition } from "../../src/core/asset/asset-definition.ts";
import { CatalogView } from "../../src/core/catalog/catalog-view.ts";
import { columnsOf } from "../../src/core/column/columns-of.ts";
import type { PartitionRange } from "../../src/core/partition/range.ts";
import { knownAsset } from "../../src/core/plan/known-asset.ts";
import { stepInputs, versionInput } from "../../src/core/plan/step-inputs.ts";
import type { ControlContext } from "../../src/control/control-context.ts";
import type { RunChange } from "../../src/ports/state/run-store.ts";

/** Steps whose changes go into one transaction. */
const inBatch = 1000;

/**
 * Makes an asset current without a table engine: versions that each hold `width` partitions, recorded and published as
 * a run does. Gives the milliseconds that the publish alone took.
 */
export async function publishVersions(
  asset: AssetDefinition,
  width: number,
  { state, scope, known, clock, codeVersionOf, processes }: ControlContext,
): Promise<{ readonly versions: number; readonly milliseconds: number }> {
  const { assetId, spaceId, space } = knownAsset(known, asset);
  const now = clock.now();
  const ranges: PartitionRange[] = [];
  for (const { slice, from, to } of space.ranges(now).ranges) {
    for (let at = from; at < to; at += width) ranges.push({ slice, from: at, to: Math.min(at + width, to) });
  }
  const steps = ranges.map((range) => ({
    key: `${asset.key}[${range.from}]`,
    outputs: [{ asset: asset.key, assetId }],
    place: { spaceId, range },
    mayRun: false,
  }));
  const run = { id: randomUUID(), identity: randomUUID(), basis: "bench", selection: asset.key };
  const lease = await state.runs.create(
    scope,
    { ...run, trigger: "bench", tags: {}, steps },
    processes.self,
    3_600_000,
  );
  const view = new CatalogView(lease.snapshot, await state.catalog.current(scope, lease.snapshot));
  const columns = asset.columns === undefined ? [] : columnsOf(asset.key, asset.columns).columns;
  const codeVersion = codeVersionOf(asset);
  const versionIds: string[] = [];
  for (let first = 0; first < steps.length; first += inBatch) {
    const changes = steps.slice(first, first + inBatch).flatMap((step): RunChange[] => {
      const id = randomUUID();
      versionIds.push(id);
      const inputs = stepInputs(asset.computation, step.place.range, known, now).flatMap(
        (input) => versionInput(input, view, knownAsset(known, input.asset), undefined) ?? [],
      );
      const version = {
        id,
        kind: "table" as const,
        location: { store: "files", files: [`${id}.parquet`] },
        dataVersion: `bench:${id}`,
        columns,
        rowCount: 1,
        bytes: 500,
        codeVersion,
        inputs,
        metadata: {},
      };
      return [
        { change: "step.started", step: step.key },
        { change: "version.staged", step: step.key, asset: asset.key, version },
        { change: "step.succeeded", step: step.key, versionIds: [id] },
      ];
    });
    await state.runs.apply(scope, lease, changes);
  }
  const started = performance.now();
  await state.runs.publish(scope, lease, { versionIds });
  const milliseconds = performance.now() - started;
  await state.runs.end(scope, lease, "success");
  return { versions: versionIds.length, milliseconds };
}
