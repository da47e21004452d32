import assert from "node:assert/strict";
import { test } from "node:test";
import type { VersionInput } from "../catalog/version.ts";
import { inputVersion } from "./input-version.ts";

const read = (asset: string, dataVersion: string, snapshot = 1): VersionInput => ({
  asset,
  dataVersion,
  snapshot,
});

test("what was read is told by its data versions, not by order, snapshot or how often (N23)", () => {
  const version = inputVersion([read("a", "1"), read("b", "2")]);
  assert.equal(inputVersion([read("b", "2", 9), read("a", "1"), read("a", "1")]), version);
  assert.match(version, /^[0-9a-f]{32}$/);
});

test("other data, or an input more or less, is something else to try (N23)", () => {
  const versions = [
    [],
    [read("a", "1")],
    [read("a", "2")],
    [read("b", "1")],
    [read("a", "1"), read("b", "1")],
    [read("a,1", "")],
  ].map(inputVersion);
  assert.equal(new Set(versions).size, versions.length);
});
