import assert from "node:assert/strict";
import { test } from "node:test";
import { partitionRequest } from "./partition-flags.ts";

test("one partition is a stretch of its own", () => {
  assert.deepEqual(partitionRequest({ partition: "2001-01" }), { from: "2001-01", to: "2001-01" });
});

test("a stretch names its ends, which may have dots themselves", () => {
  assert.deepEqual(partitionRequest({ partitions: "2001-01..2001-03" }), { from: "2001-01", to: "2001-03" });
  assert.deepEqual(partitionRequest({ partitions: "v1.0..v1.2" }), { from: "v1.0", to: "v1.2" });
});

test("without a flag all partitions are meant", () => {
  assert.equal(partitionRequest({}), undefined);
});

test("a stretch without two ends is refused", () => {
  for (const partitions of ["2001-01", "2001-01..", "..2001-01", ".."]) {
    assert.throws(() => partitionRequest({ partitions }), { name: "UsageError" }, partitions);
  }
});
