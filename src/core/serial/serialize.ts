/** Why a value cannot be kept, and where in it. */
export class NotSerializable extends Error {
  /** `result.rows[3].load`. */
  readonly path: string;

  constructor(path: string, what: string) {
    super(`${path} is ${what}`);
    this.name = "NotSerializable";
    this.path = path;
  }
}

/** Deeper than anybody means to nest; a chain that long would also end the stack. */
const deepest = 500;

/**
 * A value as text that means the same on every path: JSON, where what JSON lacks is written as an object with the name
 * `$`. `deserialize` gives back an equal value: dates, big integers, maps, sets, undefined, bytes, and numbers that are
 * no JSON (NaN, infinities, −0) among them.
 *
 * @throws NotSerializable for what cannot come back equal: functions, symbols, instances of classes, circles
 */
export function serialize(value: unknown, name = "result"): string {
  return JSON.stringify(encoded(value, name, new Set()));
}

export function deserialize(text: string): unknown {
  return decoded(JSON.parse(text));
}

function encoded(value: unknown, path: string, above: Set<object>): unknown {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      return Number.isFinite(value) && !Object.is(value, -0) ? value : { $: "number", v: numberText(value) };
    case "bigint":
      return { $: "bigint", v: value.toString() };
    case "undefined":
      return { $: "undefined" };
    case "object":
      return value === null ? null : encodedObject(value, path, above);
    default:
      // A function or a symbol.
      throw new NotSerializable(path, `a ${typeof value}`);
  }
}

function numberText(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

function encodedObject(value: object, path: string, above: Set<object>): unknown {
  if (above.has(value)) throw new NotSerializable(path, "part of a circle");
  if (above.size >= deepest) throw new NotSerializable(path, `nested deeper than ${deepest} levels`);
  above.add(value);
  const inner = (part: unknown, at: string): unknown => encoded(part, `${path}${at}`, above);
  try {
    if (Array.isArray(value)) return Array.from(value, (item, index) => inner(item, `[${index}]`));
    if (value instanceof Date) {
      const time = value.getTime();
      return { $: "date", v: Number.isNaN(time) ? null : time };
    }
    if (value instanceof Map)
      return {
        $: "map",
        v: Array.from(value, ([key, item], index) => [
          inner(key, `.keys()[${index}]`),
          inner(item, typeof key === "string" ? `.get(${key})` : `.values()[${index}]`),
        ]),
      };
    if (value instanceof Set) {
      return { $: "set", v: Array.from(value, (item, index) => inner(item, `.values()[${index}]`)) };
    }
    if (value instanceof Uint8Array) return { $: "bytes", v: base64(value) };
    return encodedRecord(value, path, inner);
  } finally {
    above.delete(value);
  }
}

function encodedRecord(value: object, path: string, inner: (part: unknown, at: string) => unknown): unknown {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new NotSerializable(path, `an instance of ${className(value)}`);
  }
  if (Object.getOwnPropertySymbols(value).length > 0) throw new NotSerializable(path, "named by a symbol");
  const entries = Object.entries(value).map(([key, part]) => [key, inner(part, at(key))] as const);
  if (prototype === null) return { $: "bare", v: entries };
  return Object.hasOwn(value, "$") ? { $: "object", v: entries } : Object.fromEntries(entries);
}

function at(key: string): string {
  return /^[A-Za-z_]\w*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

function className(value: object): string {
  return typeof value.constructor === "function" && value.constructor.name !== ""
    ? value.constructor.name
    : "a class";
}

type Tagged = Readonly<{ $: unknown; v?: unknown }>;

function decoded(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(decoded);
  if (Object.hasOwn(value, "$")) return untagged(value as Tagged);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, decoded(part)]));
}

function untagged({ $: tag, v }: Tagged): unknown {
  switch (tag) {
    case "number":
      return Number(v);
    case "bigint":
      return BigInt(String(v));
    case "date":
      return new Date(v === null ? Number.NaN : Number(v));
    case "map":
      return new Map(pairs(v).map(([key, item]) => [decoded(key), decoded(item)]));
    case "set":
      return new Set((v as readonly unknown[]).map(decoded));
    case "bytes":
      return Uint8Array.from(atob(String(v)), (letter) => letter.charCodeAt(0));
    case "object":
      return Object.fromEntries(pairs(v).map(([key, part]) => [String(key), decoded(part)]));
    case "bare":
      return Object.assign(
        Object.create(null) as object,
        Object.fromEntries(pairs(v).map(([key, part]) => [String(key), decoded(part)])),
      );
    default:
      return undefined;
  }
}

function pairs(value: unknown): readonly (readonly [unknown, unknown])[] {
  return value as readonly (readonly [unknown, unknown])[];
}

/** In pieces: a call takes only so many arguments. */
function base64(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let from = 0; from < bytes.length; from += 8_192) {
    pieces.push(String.fromCharCode(...bytes.subarray(from, from + 8_192)));
  }
  return btoa(pieces.join(""));
}
