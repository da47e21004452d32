import assert from "node:assert/strict";
import { test } from "node:test";
import { DuckDBTypeId } from "@duckdb/node-api";
import { datetimeText } from "./datetime-text.ts";

const { TIMESTAMP, TIMESTAMP_TZ, VARCHAR } = DuckDBTypeId;

test("an instant without seconds gets them", () => {
  assert.equal(datetimeText("2001-01-01T10:30Z", TIMESTAMP_TZ), "2001-01-01T10:30:00Z");
  assert.equal(datetimeText("2001-01-01T10:30+02:00", TIMESTAMP_TZ), "2001-01-01T10:30:00+02:00");
  assert.equal(datetimeText("2001-01-01T10:30:01.123456Z", TIMESTAMP_TZ), "2001-01-01T10:30:01.123456Z");
});

test("an instant for a column without a zone is its time in UTC", () => {
  assert.equal(datetimeText("2001-01-01T10:30:00Z", TIMESTAMP), "2001-01-01T10:30:00");
  assert.equal(datetimeText("2001-01-01T00:30:59.123456+02:00", TIMESTAMP), "2000-12-31T22:30:59.123456");
  assert.equal(datetimeText("2001-01-01T10:30-05:30", TIMESTAMP), "2001-01-01T16:00:00");
});

test("other texts, and texts for other types, stay as they are", () => {
  for (const text of ["2001-01-01", "2001-01-01T10:30", "2001-13-01T10:30Z", "x"])
    assert.equal(datetimeText(text, TIMESTAMP), text);
  assert.equal(datetimeText("2001-01-01T10:30Z", VARCHAR), "2001-01-01T10:30Z");
});
