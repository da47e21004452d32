import { DuckDBTypeId } from "@duckdb/node-api";

const instant = /^(\d{4}-\d\d-\d\dT\d\d:\d\d)(:\d\d(?:\.\d+)?)?(Z|[+-]\d\d:\d\d)$/i;

/** Could the text be read otherwise than it is meant? Only then is it worth asking what it is compared with. */
export function isInstant(text: string): boolean {
  return instant.test(text);
}

/**
 * An ISO instant as the engine reads it where a date and time is wanted. The engine wants seconds; and of a text for a
 * zone-less TIMESTAMP it would drop the zone unread, where a Date is converted to UTC. Any other text stays as it is.
 */
export function datetimeText(text: string, wanted: DuckDBTypeId): string {
  const [, minutes, seconds = ":00", zone] = instant.exec(text) ?? [];
  if (minutes === undefined || zone === undefined) return text;
  if (wanted === DuckDBTypeId.TIMESTAMP_TZ) return `${minutes}${seconds}${zone}`;
  if (wanted !== DuckDBTypeId.TIMESTAMP) return text;
  // Zones are whole minutes, so the seconds stay, however fine they are.
  const utc = new Date(`${minutes}${zone.toUpperCase()}`);
  return Number.isNaN(utc.getTime()) ? text : `${utc.toISOString().slice(0, -8)}${seconds}`;
}
