import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
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

  test("of a value is that of its canonical JSON, that of a file of its bytes: however they are given (N3)", async (t) => {
    const value = z.object({ a: z.number(), b: z.array(z.number()), c: z.string().optional() });
    const made: Readonly<Record<string, () => unknown>> = {
      value: () => ({ a: 1, b: [1, 2] }),
      value_reordered: () => ({ b: [1, 2], a: 1.0, c: undefined }),
      value_other: () => ({ a: 1, b: [2, 1] }),
      file: () => "one\ntwo",
      file_in_bytes: () => Buffer.from("one\ntwo"),
      file_in_pieces: () => Readable.from([Buffer.from("one"), Buffer.from("\ntwo")]),
      file_other: () => "one\r\ntwo",
    };
    const assets = Object.entries(made).map(([key, run]) =>
      key.startsWith("value")
        ? asset(key, { value, run: run as () => z.input<typeof value> })
        : asset(key, { file: "text/plain", run: run as () => string }),
    );
    const world = await openWorld(t, assets);
    assert.equal((await world.materialize({})).outcome?.status, "success");
    const of = async (key: string) => (await current(world, key))?.dataVersion;
    assert.equal(await of("value_reordered"), await of("value"));
    assert.notEqual(await of("value_other"), await of("value"));
    assert.equal(await of("file_in_bytes"), await of("file"));
    assert.equal(await of("file_in_pieces"), await of("file"));
    assert.notEqual(await of("file_other"), await of("file"));
    const digest = createHash("sha256").update("one\ntwo").digest("hex");
    assert.equal(await of("file"), `sha256:${digest}`);
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
