/** Calendar units as ordinals: months since 0000-01, days since 1970-01-01, both in UTC. */
export type TimeUnit = "day" | "month";

const dayMs = 86_400_000;

/** The ordinal of a key, or undefined when it is not the canonical name of a unit. */
export function parseTimeKey(unit: TimeUnit, key: string): number | undefined {
  const match = (unit === "month" ? /^(\d{4})-(\d{2})$/ : /^(\d{4})-(\d{2})-(\d{2})$/).exec(key);
  if (match === null) return undefined;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3] ?? 1)];
  const ordinal = unit === "month" ? year * 12 + month - 1 : utc(year, month, day) / dayMs;
  return timeKey(unit, ordinal) === key ? ordinal : undefined;
}

export function timeKey(unit: TimeUnit, ordinal: number): string {
  const iso = new Date(timeWindow(unit, ordinal).start).toISOString();
  return iso.slice(0, unit === "month" ? 7 : 10);
}

/** First instant of the unit and first instant after it, in milliseconds since the epoch. */
export function timeWindow(unit: TimeUnit, ordinal: number): { start: number; end: number } {
  if (unit === "day") return { start: ordinal * dayMs, end: (ordinal + 1) * dayMs };
  return { start: utc(0, ordinal + 1, 1), end: utc(0, ordinal + 2, 1) };
}

/** A month beyond 12, or below 1, carries over into the year. */
function utc(year: number, month: number, day: number): number {
  // Date.UTC maps the years 0 to 99 to 1900 to 1999.
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getTime();
}
