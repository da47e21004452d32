/**
 * A value that can be kept as JSON for people to read: dates by their ISO text, big integers by their digits, maps and sets as lists or
 * objects, bytes by their number. It cannot be read back; `serialize` is for that.
 */
export function plainValue(value: unknown): unknown {
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => plainValue(item) ?? null);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "no date" : value.toISOString();
  if (value instanceof Uint8Array) return `(${value.length} bytes)`;
  if (value instanceof Set) return Array.from(value, (item) => plainValue(item) ?? null);
  if (value instanceof Map) {
    const entries = Array.from(value, ([key, item]) => [plainValue(key), plainValue(item)] as const);
    return entries.every(([key]) => typeof key === "string") ? Object.fromEntries(entries) : entries;
  }
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, plainValue(part)]));
}

/** What kind of value it is, in a word or two: "a list of 3", "text". */
export function kindOfValue(value: unknown): string {
  if (value === null) return "null";
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return `list of ${value.length}`;
  if (value instanceof Date) return "date";
  if (value instanceof Uint8Array) return "bytes";
  if (value instanceof Map) return `map of ${value.size}`;
  if (value instanceof Set) return `set of ${value.size}`;
  if (typeof value === "object") return "record";
  return typeof value === "string" ? "text" : typeof value;
}
