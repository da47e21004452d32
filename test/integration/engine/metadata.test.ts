import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { asset, assetCheck, check, meta, multiAsset, sql } from "millrace";
import * as z from "zod";
import type { VersionRecord } from "../../../src/core/catalog/version.ts";
import { openWorld, type World } from "./world.ts";

async function newest({ world }: World, key: string): Promise<VersionRecord> {
  const { state, scope, known } = world.open.context;
  const [version] = await state.catalog.versions(scope, known.get(key)?.assetId ?? 0, 1);
  return version ?? assert.fail(`there is no version of ${key}`);
}

describe("metadata of a version", () => {
  test("is of all kinds, and later calls add to earlier ones", async (t) => {
    const at = new Date("2026-11-22T10:00:00Z");
    const model = asset("model", {
      value: z.int(),
      run: (_, { metadata }) => {
        metadata({ auc: 0.6, notes: meta.markdown("**draft**"), sample: [1, { a: null }] });
        metadata({ auc: 0.7, at, board: meta.url("https://bi.example") });
        return 1;
      },
      checks: [check.metadata("auc", { min: 0.65 })],
    });
    const world = await openWorld(t, { model });
    assert.equal((await world.materialize({})).outcome?.status, "success");
    assert.deepEqual((await newest(world, "model")).metadata, {
      auc: 0.7,
      notes: { $meta: "markdown", value: "**draft**" },
      sample: [1, { a: null }],
      at: { $meta: "timestamp", value: "2026-11-22T10:00:00.000Z" },
      board: { $meta: "url", value: "https://bi.example" },
    });
  });

  test("that cannot be kept fails the attempt, is not tried again, and nothing is published", async (t) => {
    let attempts = 0;
    const model = asset("model", {
      value: z.int(),
      retry: { max: 5, delay: "1ms" },
      run: (_, { metadata }) => {
        attempts += 1;
        metadata({ rows: 3, curve: [0.5, NaN] });
        return 1;
      },
    });
    const world = await openWorld(t, { model });
    const { outcome } = await world.materialize({});
    assert.equal(outcome?.failed[0]?.code, "METADATA_INVALID");
    assert.match(
      outcome?.failed[0]?.reason ?? "",
      /model: the metadata curve\[1\] cannot be kept: it is NaN, which JSON cannot hold: give null or a text/,
    );
    assert.deepEqual([attempts, await world.snapshot(), await world.pieces("model")], [1, 0, []]);
  });

  test("leaves no part of a call behind that was refused, should the code go on", async (t) => {
    const model = asset("model", {
      value: z.int(),
      run: (_, { metadata }) => {
        metadata({ before: 1 });
        assert.throws(() => metadata({ good: 1, bad: Infinity }), { code: "METADATA_INVALID" });
        return 1;
      },
    });
    const world = await openWorld(t, { model });
    assert.equal((await world.materialize({})).outcome?.status, "success");
    assert.deepEqual((await newest(world, "model")).metadata, { before: 1 });
  });

  test("of a multi-asset's output is what was said of all and of it, bounded together", async (t) => {
    const half = "a".repeat(32_000);
    let own: Record<string, string> = { own: "x" };
    const both = multiAsset("both", {
      outputs: { one: { value: z.int() }, two: { value: z.int() } },
      run: (_, { metadata, outputs }) => {
        metadata({ all: half, more: half });
        outputs.one.metadata(own);
        return { one: 1, two: 2 };
      },
    });
    const world = await openWorld(t, { ...both });
    assert.equal((await world.materialize({})).outcome?.status, "success");
    assert.deepEqual(Object.keys((await newest(world, "both/one")).metadata ?? {}), ["all", "more", "own"]);
    assert.deepEqual(Object.keys((await newest(world, "both/two")).metadata ?? {}), ["all", "more"]);
    own = { own: half };
    const { outcome } = await world.materialize({});
    assert.equal(outcome?.failed[0]?.code, "METADATA_INVALID");
    assert.match(
      outcome?.failed[0]?.reason ?? "",
      /both\/one: the metadata own cannot be kept: .* 65,536 characters/,
    );
    assert.equal(await world.snapshot(), 1);
  });

  test("goes on from what is refused: a check says why, and its version is not published (N19)", async (t) => {
    const model = asset("model", { value: z.int(), run: () => 1 });
    const scored = assetCheck("scored", {
      asset: model,
      run: (_, { metadata }) => {
        metadata({ auc: NaN });
        return true;
      },
    });
    const world = await openWorld(t, { model, scored });
    const { outcome } = await world.materialize({});
    assert.equal(outcome?.failed[0]?.code, "CHECK_FAILED");
    assert.match(outcome?.failed[0]?.reason ?? "", /scored: the metadata auc cannot be kept: it is NaN/);
    assert.equal(await world.snapshot(), 0);
  });

  test("rows, columns and size are recorded without being asked (N5)", async (t) => {
    const numbers = asset("numbers", {
      columns: z.object({ n: z.int() }),
      sql: sql`select 1 as n union all select 2`,
    });
    const listed = asset("listed", {
      columns: z.object({ n: z.int() }),
      run: () => [{ n: 1 }, { n: 2 }, { n: 3 }],
    });
    const value = asset("value", { value: z.object({ n: z.int() }), run: () => ({ n: 1 }) });
    const file = asset("file", { file: "text/plain", run: () => "grüezi" });
    const world = await openWorld(t, { numbers, listed, value, file });
    assert.equal((await world.materialize({})).outcome?.status, "success");
    const facts = async (key: string) => {
      const { rowCount, columns, bytes = 0, metadata } = await newest(world, key);
      assert.deepEqual(metadata, {});
      return { rowCount, columns: columns?.map(({ name }) => name), bytes };
    };
    const [sqlMade, rowsMade] = [await facts("numbers"), await facts("listed")];
    assert.deepEqual([sqlMade.rowCount, sqlMade.columns, sqlMade.bytes > 0], [2, ["n"], true]);
    assert.deepEqual([rowsMade.rowCount, rowsMade.columns, rowsMade.bytes > 0], [3, ["n"], true]);
    assert.deepEqual(await facts("value"), {
      rowCount: undefined,
      columns: undefined,
      bytes: '{"n":1}'.length,
    });
    assert.deepEqual(await facts("file"), {
      rowCount: undefined,
      columns: undefined,
      bytes: Buffer.byteLength("grüezi"),
    });
  });
});
