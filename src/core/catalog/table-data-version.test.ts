import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as fc from "fast-check";
import { joinedDataVersion, tableDataVersion } from "./table-data-version.ts";

const sum64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const rows = fc.array(fc.tuple(sum64, sum64));
type Rows = readonly (readonly [bigint, bigint])[];
const versionOf = (all: Rows): string => {
  const sum = (index: 0 | 1) => all.reduce((total, row) => total + row[index], 0n);
  return tableDataVersion("duckdb-1.5", all.length, sum(0), sum(1));
};

describe("the data version of a table", () => {
  test("N3: of two tables together it is that of all their rows, whatever their order", () => {
    fc.assert(
      fc.property(rows, rows, (some, more) => {
        const all = versionOf([...some, ...more]);
        assert.equal(joinedDataVersion(versionOf(some), versionOf(more)), all);
        assert.equal(joinedDataVersion(versionOf(more), versionOf(some)), all);
      }),
    );
  });

  test("N3: counts duplicates", () => {
    const once = versionOf([[7n, 9n]]);
    assert.notEqual(joinedDataVersion(once, once), once);
  });

  test("N3: that was counted otherwise, or given by an author, is not added to", () => {
    const own = versionOf([[7n, 9n]]);
    for (const other of [own.replace("1.5", "1.6"), `given:${own}`, own.replace("duckdb-1.5", "given"), ""]) {
      assert.equal(joinedDataVersion(own, other), undefined);
      assert.equal(joinedDataVersion(other, own), undefined);
    }
  });
});
