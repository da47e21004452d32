import assert from "node:assert/strict";
import { test } from "node:test";
import { formatDuration, parseDuration } from "./duration.ts";

test("a duration is one amount with its unit, or a sum of them", () => {
  const expected = {
    "250ms": 250,
    "2s": 2_000,
    "10m": 600_000,
    "1h": 3_600_000,
    "1d": 86_400_000,
    "1h 30m": 5_400_000,
    "1h30m": 5_400_000,
    "1.5s": 1_500,
    " 2 s ": 2_000,
    "0s": 0,
  };
  for (const [text, milliseconds] of Object.entries(expected))
    assert.equal(parseDuration(text), milliseconds, text);
});

test("anything else is no duration", () => {
  for (const text of ["", " ", "10", "s", "-1s", "1 minute", "1m 30", "1,5s", "1e3s", "1S", "10 m 2"]) {
    assert.equal(parseDuration(text), undefined, text);
  }
});

test("a duration is shown in the unit that fits, without rounding up into the next one's figures", () => {
  const expected: [number, string][] = [
    [0, "0 ms"],
    [999.4, "999 ms"],
    [999.6, "1.0 s"],
    [1_250, "1.3 s"],
    [59_940, "59.9 s"],
    [59_960, "1 min 0 s"],
    [185_000, "3 min 5 s"],
    [3_599_600, "1 h 0 min"],
    [7_500_000, "2 h 5 min"],
  ];
  for (const [milliseconds, text] of expected) assert.equal(formatDuration(milliseconds), text);
});
