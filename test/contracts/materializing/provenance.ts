import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { asset, partitions } from "millrace";
import * as z from "zod";
import type { DatabaseUnderTest } from "../state/database-under-test.ts";
import { openProcesses } from "../whole-asset-checks/processes.ts";

const days = partitions.daily({ start: "2024-01-01", end: "2024-04-09" });
const Row = z.object({ day: z.iso.date(), n: z.int().nullable() });

export function provenance(database: DatabaseUnderTest): void {
  suite(`what a version records of itself in ${database.name}`, () => {
    test("is its schema, row count, code version, run, and each input by ranges, snapshot and data version (N5)", async (t) => {
      const daily = asset("daily", {
        columns: Row,
        partitions: days,
        codeVersion: "of daily",
        run: (_, { partition }) => [{ day: partition.key, n: 1 }],
      });
      const rate = asset("rate", { value: z.int(), codeVersion: "of rate", run: () => 3 });
      const all = asset("all", {
        columns: Row,
        deps: { daily, rate },
        codeVersion: "of all",
        run: ({ daily }) => daily.rows(),
      });
      const [process] = await openProcesses(t, database, { daily, rate, all });
      assert.ok(process);
      const { state, scope, known } = process.open.context;
      await process.materialize({ selection: "daily rate" });
      const { outcome } = await process.materialize({ selection: "all" });
      assert.equal(outcome?.status, "success");
      const [step] = await state.runs.steps(outcome.runId);
      const version = await state.catalog.version(step?.outputs[0]?.versionId ?? "");
      assert.ok(version);
      assert.deepEqual(
        version.columns?.map(({ name, type, nullable }) => [name, type.kind, nullable]),
        [
          ["day", "date", false],
          ["n", "safe_integer", true],
        ],
      );
      const { rowCount, codeVersion = "", runId } = version;
      assert.deepEqual({ rowCount, runId }, { rowCount: 100, runId: outcome.runId });
      assert.equal(
        codeVersion,
        process.open.context.codeVersionOf(process.open.context.graph.byKey.get("all") ?? assert.fail()),
      );
      const summaries = await state.catalog.summaries(scope, 1);
      const dataVersionOf = (key: string) => summaries.get(known.get(key)?.assetId ?? 0)?.dataVersion;
      const inputs = (version.inputs ?? []).toSorted((one, other) => (one.asset < other.asset ? -1 : 1));
      assert.deepEqual(
        inputs.map(({ asset, snapshot, dataVersion }) => ({ asset, snapshot, dataVersion })),
        ["daily", "rate"].map((asset) => ({ asset, snapshot: 1, dataVersion: dataVersionOf(asset) })),
      );
      // A hundred versions of a day each are one range, never a list.
      const from = known.get("daily")?.space.ordinalOf("2024-01-01", Date.now()) ?? 0;
      assert.deepEqual(
        inputs.map(({ ranges }) => ranges),
        [[{ slice: "", from, to: from + 100 }], undefined],
      );
    });
  });
}
