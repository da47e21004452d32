import { isPlainObject } from "./plain-object.ts";

/** JSON with sorted keys: equal values give equal text. Undefined members are left out; anything JSON lacks throws. */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === "boolean" || typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new TypeError(`${value} has no JSON form`);
    return JSON.stringify(value);
  }
  if (Array.isArray(value))
    return `[${Array.from(value, (item: unknown) => canonicalJson(item ?? null)).join(",")}]`;
  if (isPlainObject(value)) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
    return `{${members.join(",")}}`;
  }
  throw new TypeError(
    `a ${typeof value === "object" ? (value.constructor?.name ?? "value") : typeof value} has no JSON form`,
  );
}
