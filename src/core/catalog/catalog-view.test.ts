import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import type { PartitionRange } from "../partition/range.ts";
import { CatalogView, type PlacedAsset } from "./catalog-view.ts";
import type { CurrentVersion, VersionRecord } from "./version.ts";

const placed = (assetId: number): PlacedAsset => ({ assetId, spaceId: 1 });

const version = (id: string, assetId: number, range: PartitionRange): VersionRecord => ({
  id,
  assetId,
  spaceId: 1,
  range,
  state: "staged",
  runId: "run",
  step: id,
  kind: "table",
  createdAt: 0,
});
const current = (made: VersionRecord, range = made.range): CurrentVersion => ({
  range,
  version: made,
  since: 1,
  publishedAt: 5,
});
const range = (from: number, to: number, slice = ""): PartitionRange => ({ slice, from, to });

const write = fc.record({
  assetId: fc.integer({ min: 1, max: 2 }),
  slice: fc.constantFrom("", "eu"),
  from: fc.integer({ min: 0, max: 12 }),
  length: fc.integer({ min: 1, max: 5 }),
});
const ordinals = Array.from({ length: 18 }, (_, ordinal) => ordinal);

test("after any published and staged versions, each partition holds what was written to it last (N14)", () => {
  fc.assert(
    fc.property(fc.array(write, { maxLength: 6 }), fc.array(write, { maxLength: 12 }), (before, staged) => {
      const model = new Map<string, string>();
      const put = (id: string, { assetId, slice, from, length }: (typeof before)[number]): VersionRecord => {
        for (let ordinal = from; ordinal < from + length; ordinal += 1)
          model.set(`${assetId}/${slice}/${ordinal}`, id);
        return version(id, assetId, range(from, from + length, slice));
      };
      // Pointers of the catalog never overlap: those of an earlier view are what it had.
      const earlier = new CatalogView(0, []);
      before.forEach((one, index) => earlier.stage(put(`published ${index}`, one)));
      const pointers = [1, 2].flatMap((assetId) =>
        earlier.pieces(placed(assetId)).map((piece) => current(piece.version, piece.range)),
      );
      const view = new CatalogView(7, pointers);
      staged.forEach((one, index) => view.stage(put(`staged ${index}`, one)));

      for (const assetId of [1, 2]) {
        for (const slice of ["", "eu"]) {
          for (const ordinal of ordinals) {
            const expected = model.get(`${assetId}/${slice}/${ordinal}`);
            assert.equal(
              view.exactly(placed(assetId), range(ordinal, ordinal + 1, slice))?.version.id,
              expected,
            );
            const within = view.within(placed(assetId), range(ordinal, ordinal + 1, slice));
            assert.deepEqual(
              within.map((piece) => piece.version.id),
              expected === undefined ? [] : [expected],
            );
          }
        }
        const pieces = view.pieces(placed(assetId));
        const sorted = pieces.toSorted(
          (a, b) => a.range.slice.localeCompare(b.range.slice) || a.range.from - b.range.from,
        );
        assert.deepEqual(pieces, sorted, "pieces are in order of partition");
        for (const piece of pieces) {
          assert.equal(piece.publishedAt, piece.version.id.startsWith("published") ? 5 : undefined);
        }
      }
    }),
  );
});

test("what is within a range is cut to it, on both sides", () => {
  const view = new CatalogView(1, [current(version("a", 1, range(0, 10)))]);
  assert.deepEqual(
    view.within(placed(1), range(3, 5)).map((piece) => piece.range),
    [range(3, 5)],
  );
  assert.deepEqual(
    view.within(placed(1), range(8, 20)).map((piece) => piece.range),
    [range(8, 10)],
  );
});

test("a range that two versions hold together is held exactly by neither", () => {
  const view = new CatalogView(1, [
    current(version("a", 1, range(0, 1))),
    current(version("b", 1, range(1, 2))),
  ]);
  assert.equal(view.exactly(placed(1), range(0, 2)), undefined);
  assert.equal(view.exactly(placed(1), range(1, 2))?.version.id, "b");
});

test("what one asset stages leaves the others alone, and the view keeps its snapshot (N14)", () => {
  const view = new CatalogView(7, [current(version("a", 1, range(0, 1)))]);
  view.stage(version("b", 2, range(0, 1)));
  assert.equal(view.exactly(placed(1), range(0, 1))?.version.id, "a");
  assert.equal(view.snapshot, 7);
  assert.deepEqual(view.pieces(placed(3)), []);
});

test("versions from before the partitioning changed are not seen under today's ordinals (N12)", () => {
  const old = version("old", 1, range(0, 1));
  const view = new CatalogView(1, [{ range: old.range, version: old, since: 1, publishedAt: 0 }]);
  assert.equal(view.exactly({ assetId: 1, spaceId: 1 }, range(0, 1))?.version.id, "old");
  assert.equal(view.exactly({ assetId: 1, spaceId: 2 }, range(0, 1)), undefined);
  assert.deepEqual(view.pieces({ assetId: 1, spaceId: 2 }), []);
});
