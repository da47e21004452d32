import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { asset, partitions } from "millrace";
import * as z from "zod";
import { openReading } from "../../../src/app/open-reading.ts";
import { collectGarbage } from "../../../src/control/retention/collect-garbage.ts";
import { compact } from "../../../src/control/compaction/compact.ts";
import { packVersions } from "../../../src/control/compaction/pack-versions.ts";
import { verify } from "../../../src/control/versions/verify.ts";
import { verifyVersion } from "../../../src/control/versions/verify-version.ts";
import { planPacks } from "../../../src/core/catalog/plan-packs.ts";
import { readableParts } from "../../../src/core/catalog/readable-part.ts";
import { knownAsset } from "../../../src/core/plan/known-asset.ts";
import type { DatabaseUnderTest } from "../state/database-under-test.ts";
import { openProcesses } from "../whole-asset-checks/processes.ts";

const Day = z.object({ day: z.string(), n: z.int() });
const daily = asset("daily", {
  columns: Day,
  partitions: partitions.daily({ start: "2024-01-01", end: "2024-01-06" }),
  codeVersion: "1",
  run: (_, { partition }) => [1, 2, 3].map((n) => ({ day: partition.key, n })),
});

/** What somebody does who has read locations before they were rewritten and the files of before removed. */
export function compactedMeanwhile(database: DatabaseUnderTest): void {
  suite(`what was compacted by others, with state in ${database.name}`, () => {
    test("is found where it lies now by who verifies it, and packed by nobody else (N1, N18)", async (t) => {
      const [process] = await openProcesses(t, database, { daily });
      assert.ok(process !== undefined);
      await process.materialize({});
      const { context } = process.open;
      const reading = await openReading(process.open);
      t.after(() => reading.close());
      const { assetId, space } = knownAsset(context.known, context.graph.byKey.get("daily") ?? assert.fail());
      const stale = readableParts(await context.state.catalog.current(context.scope, 1, [assetId]), space);

      const done = await compact({ selection: "*" }, context, reading);
      assert.deepEqual(
        done.assets.map(({ versions, packs, files }) => [versions, packs, files]),
        [[6, 1, 6]],
      );
      await process.execute("update doomed_file set doomed_at = doomed_at - 3600000");
      assert.equal((await collectGarbage(context)).removed.files, 6);

      for (const part of stale)
        assert.equal(await verifyVersion("daily", part, reading, context), undefined, part.partition);
      const [members = assert.fail()] = planPacks(stale, reading.store.name);
      const packing = { context, ...reading, signal: undefined };
      assert.deepEqual(await packVersions("daily", members, packing), {
        packs: 0,
        versions: 0,
        files: 0,
        bytes: 0,
        damaged: [],
      });
      const verified = await verify({ selection: "*" }, context, reading);
      assert.deepEqual([verified.versions, verified.damaged], [6, []]);
      assert.deepEqual((await process.execute("select id from intended_pack")).length, 0);
    });

    test("an interrupted compaction ends what it writes and leaves nothing of it (N2)", async (t) => {
      const [process] = await openProcesses(t, database, { daily });
      assert.ok(process !== undefined);
      await process.materialize({});
      const { context } = process.open;
      const reading = await openReading(process.open);
      t.after(() => reading.close());
      const aborted = AbortSignal.abort();
      assert.deepEqual((await compact({ selection: "*", signal: aborted }, context, reading)).assets, []);
      const { assetId, space } = knownAsset(context.known, context.graph.byKey.get("daily") ?? assert.fail());
      const parts = readableParts(await context.state.catalog.current(context.scope, 1, [assetId]), space);
      const [members = assert.fail()] = planPacks(parts, reading.store.name);
      await assert.rejects(packVersions("daily", members, { context, ...reading, signal: aborted }));
      assert.deepEqual((await process.execute("select id from intended_pack")).length, 0);
      assert.equal((await collectGarbage(context)).strays.files, 0);
      assert.equal((await compact({ selection: "*" }, context, reading)).assets[0]?.versions, 6);
    });
  });
}
