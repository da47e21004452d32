import assert from "node:assert/strict";
import { test } from "node:test";
import type { VersionInput, VersionRecord } from "../catalog/version.ts";
import { wholeRange } from "../partition/range.ts";
import { describeCause, staleCauses } from "./stale-cause.ts";

const input = (asset: string, dataVersion: string): VersionInput => ({ asset, dataVersion, snapshot: 1 });
const made = (codeVersion: string, inputs: readonly VersionInput[]): VersionRecord => ({
  id: "v",
  assetId: 1,
  spaceId: 1,
  range: wholeRange,
  state: "published",
  runId: "r",
  step: "s",
  kind: "table",
  createdAt: 0,
  codeVersion,
  inputs,
});
const causes = (...args: Parameters<typeof staleCauses>): string[] => staleCauses(...args).map(describeCause);

test("what was never made is missing, and that is all there is to say (N21)", () => {
  assert.deepEqual(causes(undefined, "code", [input("a", "1")]), ["never materialized"]);
});

test("equal code and equal inputs are fresh, in whatever order and at whatever snapshot (N21)", () => {
  const version = made("code", [input("a", "1"), input("b", "2")]);
  assert.deepEqual(causes(version, "code", [{ ...input("b", "2"), snapshot: 9 }, input("a", "1")]), []);
});

test("each cause is told: code, an input that changed, came or went (N21)", () => {
  const version = made("old", [input("a", "1"), input("b", "2"), input("c", "3")]);
  assert.deepEqual(causes(version, "new", [input("a", "1"), input("b", "9"), input("d", "4")]), [
    "its code changed",
    "b changed",
    "it now reads d",
    "it no longer reads c",
  ]);
});

test("an input that is read under two names is one input", () => {
  const version = made("code", [input("a", "1"), input("a", "1")]);
  assert.deepEqual(causes(version, "code", [input("a", "1"), input("a", "1")]), []);
  assert.deepEqual(causes(version, "code", [input("a", "2"), input("a", "2")]), ["a changed"]);
});

test("a version that recorded no inputs has none", () => {
  const { inputs: _, ...version } = made("code", []);
  assert.deepEqual(causes(version, "code", []), []);
  assert.deepEqual(causes(version, "code", [input("a", "1")]), ["it now reads a"]);
});
