import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { parseTimeKey, timeKey, timeWindow, type TimeUnit } from "./calendar.ts";

// A calendar that counts, against the one that calculates: Gregorian, from year 0 on, with no Date in it.
const leap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
const monthLength = (year: number, month: number): number =>
  month === 2 ? (leap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
const daysBefore = (year: number): number => {
  let days = 0;
  for (let y = 0; y < year; y += 1) days += leap(y) ? 366 : 365;
  return days;
};
const pad = (value: number, digits: number): string => String(value).padStart(digits, "0");
const dayOrdinal = (year: number, month: number, day: number): number => {
  let days = daysBefore(year) - daysBefore(1970) + day - 1;
  for (let m = 1; m < month; m += 1) days += monthLength(year, m);
  return days;
};
const dates = fc
  .tuple(fc.integer({ min: 0, max: 9999 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 31 }))
  .map(([year, month, day]) => ({ year, month, day: Math.min(day, monthLength(year, month)) }));

test("a day's ordinal is the number of days since 1970, in any year from 0 to 9999", () => {
  fc.assert(
    fc.property(dates, ({ year, month, day }) => {
      const key = `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
      assert.equal(parseTimeKey("day", key), dayOrdinal(year, month, day));
      assert.equal(timeKey("day", dayOrdinal(year, month, day)), key);
    }),
  );
});

test("a month's ordinal is the number of months since the year 0", () => {
  fc.assert(
    fc.property(dates, ({ year, month }) => {
      const key = `${pad(year, 4)}-${pad(month, 2)}`;
      assert.equal(parseTimeKey("month", key), year * 12 + month - 1);
      assert.equal(timeKey("month", year * 12 + month - 1), key);
    }),
  );
});

test("a window reaches from its first day to the first day of the next unit, without gap or overlap", () => {
  fc.assert(
    fc.property(dates, ({ year, month }) => {
      const ordinal = year * 12 + month - 1;
      const { start, end } = timeWindow("month", ordinal);
      assert.equal(start, dayOrdinal(year, month, 1) * 86_400_000);
      assert.equal(end - start, monthLength(year, month) * 86_400_000);
      assert.equal(timeWindow("month", ordinal + 1).start, end);
    }),
  );
  assert.deepEqual(timeWindow("day", -1), { start: -86_400_000, end: 0 });
  assert.equal(new Date(timeWindow("month", -1).start).toISOString(), "-000001-12-01T00:00:00.000Z");
});

test("29 February is a day in leap years only", () => {
  for (const year of ["2000", "2004", "0000", "0096"]) assert.ok(parseTimeKey("day", `${year}-02-29`), year);
  for (const year of ["1900", "2001", "0100"]) assert.equal(parseTimeKey("day", `${year}-02-29`), undefined);
});

test("only the canonical name of a unit is a key", () => {
  const none = (unit: TimeUnit, ...keys: string[]): void => {
    for (const key of keys) assert.equal(parseTimeKey(unit, key), undefined, key);
  };
  none("month", "", "2001", "2001-1", "2001-00", "2001-13", "2001-01-01", " 2001-01", "2001-01\n", "99-01");
  none(
    "day",
    "2001-01",
    "2001-01-32",
    "2001-04-31",
    "2001-00-10",
    "2001-1-1",
    "2001-01-01T00:00",
    "20010101",
  );
  none("month", "+002001-01", "-001-01", "２００１-01");
});
