/** Texts of dates and times as the wire format writes them. Microseconds are the finest that a column keeps. */

const date = /^(\d{4})-(\d\d)-(\d\d)$/;
const time = /^(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,6}0*)?)?$/;

export function isDateText(value: string): boolean {
  const [, year, month, day] = date.exec(value) ?? [];
  if (year === undefined || month === undefined || day === undefined) return false;
  const [y, m, d] = [Number(year), Number(month), Number(day)];
  // The engine would write the year 0 as 1 BC.
  return y >= 1 && m >= 1 && m <= 12 && d >= 1 && d <= daysIn(y, m);
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

export function isTimeText(value: string): boolean {
  return time.test(value);
}

/** Date and time without a zone. */
export function isLocalText(value: string): boolean {
  return value[10] === "T" && isDateText(value.slice(0, 10)) && isTimeText(value.slice(11));
}

/** Date and time with `Z` or an offset. */
export function isInstantText(value: string): boolean {
  const zone = /(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/.exec(value);
  return zone !== null && isLocalText(value.slice(0, zone.index));
}

/** A decimal that fits precision and scale without rounding. */
export function isDecimalText(
  value: string,
  { precision, scale }: { precision: number; scale: number },
): boolean {
  const [, whole, fraction = ""] = /^-?(\d+)(?:\.(\d+))?$/.exec(value) ?? [];
  if (whole === undefined) return false;
  return whole.replace(/^0+/, "").length <= precision - scale && fraction.replace(/0+$/, "").length <= scale;
}
