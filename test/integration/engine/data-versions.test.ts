import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { asset, partitions } from "millrace";
import * as z from "zod";
import { openWorld, type World } from "./world.ts";

const Item = z.object({ id: z.int(), price: z.number() });

const current = async (world: World, key: string) => (await world.pieces(key))[0]?.version;

describe("a data version", () => {
  test("may be given by the author, for each kind: equal ones keep the old content, and nothing below is made again (N3, N4)", async (t) => {
    let [content, given, readers] = [1, "v1", 0];
    const table = asset("table", {
      columns: Item,
      run: (_, { dataVersion }) => {
        dataVersion(given);
        return Array.from({ length: content }, (_, id) => ({ id, price: content }));
      },
    });
    const value = asset("value", {
      value: z.object({ madeAt: z.int() }),
      run: (_, { dataVersion }) => {
        dataVersion(given);
        return { madeAt: content };
      },
    });
    const file = asset("file", {
      file: "text/plain",
      run: (_, { dataVersion }) => {
        dataVersion(given);
        return `made at ${content}`;
      },
    });
    const below = asset("below", {
      value: z.int(),
      deps: { table, value, file },
      run: () => (readers += 1),
    });
    const world = await openWorld(t, { table, value, file, below });
    await world.materialize({});
    const before = await Promise.all(["table", "value", "file"].map((key) => current(world, key)));
    assert.deepEqual(
      before.map((version) => version?.dataVersion),
      ["given:v1", "given:v1", "given:v1"],
    );

    content = 2;
    await world.materialize({ selection: "table value file" });
    const kept = await Promise.all(["table", "value", "file"].map((key) => current(world, key)));
    kept.forEach((version, index) => {
      assert.notEqual(version?.id, before[index]?.id);
      assert.deepEqual(version?.location, before[index]?.location);
    });
    assert.equal(kept[0]?.rowCount, 1, "rows are told of the content that is read");
    assert.deepEqual(await world.rows("table"), [{ id: 0, price: 1 }]);
    assert.deepEqual(await world.value("value"), { madeAt: 1 });
    assert.equal((await world.materialize({ staleOnly: true })).outcome, undefined);

    given = "v2";
    await world.materialize({ staleOnly: true, selection: "*" });
    await world.materialize({ selection: "table value file" });
    assert.deepEqual(await world.value("value"), { madeAt: 2 });
    assert.equal((await world.rows("table")).length, 2);
    await world.materialize({ staleOnly: true });
    assert.equal(readers, 2);
  });

  test("that is no text fails the step, and says so (N3)", async (t) => {
    for (const wrong of ["", 3]) {
      const value = asset("value", {
        value: z.int(),
        run: (_, { dataVersion }) => {
          (dataVersion as (given: unknown) => void)(wrong);
          return 1;
        },
      });
      const { outcome } = await (await openWorld(t, { value })).materialize({});
      assert.match(outcome?.failed[0]?.reason ?? "", /dataVersion must be a text that is not empty/);
    }
  });

  test("of a file, a large value or a partition that comes out equal keeps the old bytes on disk (N4)", async (t) => {
    const months = partitions.monthly({ start: "2020-01", end: "2020-02" });
    const file = asset("file", {
      file: "text/plain",
      partitions: months,
      run: (_, { partition }) => partition.key,
    });
    const large = asset("large", { value: z.string(), run: () => "x".repeat(100_000) });
    const world = await openWorld(t, { file, large });
    const onDisk = async () =>
      Promise.all(
        ["file", "large"].map(async (key) => (await readdir(join(world.world.open.data, key))).sort()),
      );
    await world.materialize({});
    const [before, files] = [await current(world, "file"), await onDisk()];
    await world.materialize({});
    assert.notEqual((await current(world, "file"))?.id, before?.id);
    assert.deepEqual((await current(world, "file"))?.location, before?.location);
    assert.deepEqual(await onDisk(), files);
    assert.equal(await world.value("large"), "x".repeat(100_000));
  });
});
