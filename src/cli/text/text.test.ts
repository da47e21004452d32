import assert from "node:assert/strict";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { formatBytes } from "./bytes.ts";
import { fieldsText } from "./fields.ts";
import { relativeTime } from "./relative-time.ts";
import { formatPairs, formatTable } from "./table.ts";

test("sizes keep two digits where they are small", () => {
  const sizes = [0, 999, 1_000, 1_449, 99_949, 999_500, 13_493_022, 5e12];
  assert.deepEqual(sizes.map(formatBytes), [
    "0 B",
    "999 B",
    "1.0 kB",
    "1.4 kB",
    "100 kB",
    "1.0 MB",
    "13 MB",
    "5.0 TB",
  ]);
});

test("times are told by the largest unit that has passed", () => {
  const now = Date.parse("2026-11-22T12:00:00Z");
  const ago = (seconds: number) => relativeTime(new Date(now - seconds * 1_000).toISOString(), now);
  assert.deepEqual([0.5, 1, 59, 60, 3_599, 3_600, 86_400, 3 * 86_400, 40 * 86_400, 800 * 86_400].map(ago), [
    "just now",
    "1 s ago",
    "59 s ago",
    "1 min ago",
    "59 min ago",
    "1 hour ago",
    "1 day ago",
    "3 days ago",
    "1 month ago",
    "2 years ago",
  ]);
  assert.equal(relativeTime(new Date(now + 60_000).toISOString(), now), "just now", "a clock that is off");
});

test("columns are as wide as their widest cell, colours do not count, and empty ones are left out", () => {
  const red = "\u001B[31mred\u001B[39m";
  const lines = formatTable(
    [{ title: "name" }, { title: "group" }, { title: "rows", align: "right" }],
    [
      [red, "", "1,000"],
      ["purple", "", "7"],
    ],
  );
  assert.deepEqual(lines.map(stripVTControlCharacters), ["NAME     ROWS", "red     1,000", "purple      7"]);
});

test("pairs without a value are left out", () => {
  const lines = formatPairs([
    ["state", "fresh"],
    ["group", undefined],
    ["description", "x"],
  ]);
  assert.deepEqual(lines.map(stripVTControlCharacters), ["state        fresh", "description  x"]);
});

test("fields stand behind their names, whatever they are; long ones are cut", () => {
  const circle: Record<string, unknown> = {};
  circle["self"] = circle;
  const fields = { shops: 2, region: "north", why: "too late", list: [1], big: 10n, none: undefined, circle };
  assert.equal(
    fieldsText(fields),
    'shops=2 region=north why="too late" list=[1] big=10 none=undefined circle=[object Object]',
  );
  assert.equal(fieldsText({ text: "\u001B[31mred" }), 'text="\\u001b[31mred"', "it steers no terminal");
  assert.equal(fieldsText({ text: "x".repeat(200) }), `text=${"x".repeat(79)}…`);
});
