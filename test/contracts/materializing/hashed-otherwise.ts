import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { asset, sql } from "millrace";
import * as z from "zod";
import type { VersionRecord } from "../../../src/core/catalog/version.ts";
import type { DatabaseUnderTest } from "../state/database-under-test.ts";
import { openProcesses, type Process } from "../whole-asset-checks/processes.ts";

async function current({ open: { context } }: Process, key: string): Promise<VersionRecord> {
  const { state, scope, known } = context;
  const { number } = await state.catalog.head(scope);
  const [placed] = await state.catalog.current(scope, number, [known.get(key)?.assetId ?? 0]);
  assert.ok(placed);
  return placed.version;
}

/** As if another version of the engine had made it, which hashes otherwise. */
async function hashOtherwise(process: Process, key: string): Promise<string> {
  const { id, rowCount } = await current(process, key);
  const other = `duckdb-0.9:${rowCount}:0123456789abcdef:fedcba9876543210`;
  await process.execute(`update version set data_version = '${other}' where id = '${id}'`);
  return other;
}

export function hashedOtherwise(database: DatabaseUnderTest): void {
  suite(`rows that another version of the engine has hashed, in ${database.name}`, () => {
    test("are hashed anew: equal ones are no change, and keep bytes and data version; others are one (N3)", async (t) => {
      const made = { price: 5, below: 0 };
      const rows = asset("rows", {
        columns: z.object({ id: z.int(), price: z.int() }),
        codeVersion: "1",
        run: () => [1, 2, 3].map((id) => ({ id, price: made.price })),
      });
      const count = asset("count", {
        columns: z.object({ rows: z.int() }),
        deps: { rows },
        codeVersion: "1",
        run: ({ rows }) => {
          made.below += 1;
          return sql`select count(*) as rows from ${rows}`;
        },
      });
      const [process] = await openProcesses(t, database, { rows, count });
      assert.ok(process);
      await process.materialize({ selection: "rows" });
      const older = await hashOtherwise(process, "rows");
      await process.materialize({ selection: "count" });
      const before = await current(process, "rows");

      await process.materialize({ selection: "rows" });
      const after = await current(process, "rows");
      assert.notEqual(after.id, before.id, "it was made again");
      assert.equal(after.dataVersion, older);
      assert.deepEqual(after.location, before.location);
      await process.materialize({ staleOnly: true });
      assert.equal(made.below, 1, "nothing below is made again");

      made.price = 6;
      await process.materialize({ selection: "rows" });
      const changed = await current(process, "rows");
      assert.notEqual(changed.dataVersion, older);
      assert.notDeepEqual(changed.location, before.location);
      await process.materialize({ staleOnly: true });
      assert.equal(made.below, 2);
    });
  });
}
