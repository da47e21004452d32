import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { suite, test } from "node:test";
import * as fc from "fast-check";
import { storeMetadata } from "../../../src/core/metadata/store-metadata.ts";
import { metadata } from "./any-metadata.ts";
import type { DatabaseUnderTest } from "./database-under-test.ts";
import { TestProject } from "./test-project.ts";

export function metadataContract(database: DatabaseUnderTest): void {
  suite(`metadata in ${database.name}`, () => {
    test("comes back as it was kept, whatever it is: of versions, evaluations, observations and reports", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open(), {
        orders: { identity: "none" },
        raw: { identity: "none" },
      });
      const { state, scope } = project;
      const { assetId } = project.asset("raw");
      const step = project.step("orders");
      await fc.assert(
        fc.asyncProperty(metadata, async (given) => {
          const stored = storeMetadata(given).stored ?? assert.fail("it was not kept");
          // What is kept already is kept as it is.
          assert.deepEqual(storeMetadata(stored).stored, stored);
          const run = await project.run([step]);
          const [versionId, dataVersion] = [randomUUID(), randomUUID()];
          await run.make(step, { id: versionId, metadata: stored });
          const evaluation = {
            versionId,
            check: "unique",
            scope: "partition",
            passed: true,
            blocking: true,
            severity: "error",
            description: "",
            metadata: stored,
            reads: [],
            evaluatedAt: 1,
          } as const;
          await run.apply({ change: "check.evaluated", step: "orders", asset: "orders", evaluation });
          await run.end();
          assert.deepEqual((await state.catalog.version(versionId))?.metadata, stored);
          assert.deepEqual((await state.catalog.evaluations(scope, [versionId]))[0]?.metadata, stored);
          const seen = { assetId, asset: "raw", dataVersion, mark: "{}", metadata: stored, observedAt: 1 };
          await state.observations.record(scope, seen);
          assert.deepEqual(
            (await state.observations.latest(scope, [assetId])).get(assetId)?.metadata,
            stored,
          );
          const told = { assetId, asset: "raw", dataVersion: randomUUID(), metadata: stored, by: "loader" };
          const { record } = await state.observations.report(scope, told);
          assert.deepEqual(record.metadata, stored);
        }),
        { numRuns: 40 },
      );
    });
  });
}
