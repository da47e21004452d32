import * as z from "zod";
import { formatsOf } from "../core/column/scalar-type.ts";
import type { AnySchema } from "../core/schema.ts";

/** Said instead of a value: in words what would have been right. */
export class NotConverted {
  readonly message: string;
  constructor(message: string) {
    this.message = message;
  }
}

export type Conversion = (raw: unknown) => unknown;

/** How a schema's value is written where it comes from. */
export type Origin =
  /** Path, query or header: everything is text; a parameter given several times is a list. */
  | "text"
  /** JSON, which has numbers and booleans of its own, but neither instants nor 64-bit whole numbers. */
  | "json";

/**
 * How to turn what a request carries into what the schema is written for: `"3"` into 3 for `z.int()`, `"true"` into
 * true, text into a Date or bigint. Undefined where the schema takes what is there as it is. What cannot be turned
 * becomes {@link NotConverted}; checks that the schema makes of the value stay the schema's.
 */
export function conversionFor(schema: AnySchema, origin: Origin): Conversion | undefined {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case "number": {
      if (origin === "json") return undefined;
      const whole = formatsOf(schema).some(({ format }) => format === "safeint" || format.includes("int"));
      return toNumber(whole ? "expected a whole number" : "expected a number");
    }
    case "boolean":
      return origin === "json" ? undefined : toBoolean;
    case "bigint":
      return toBigint;
    case "date":
      return toDate;
    case "literal":
    case "enum":
      return origin === "json" ? undefined : toLiteral(schema);
    case "array":
      return toList(conversionFor(def.element, origin), origin);
    case "object":
      return origin === "json" ? toObject(def.shape) : undefined;
    case "union":
      return toUnion(def.options, origin);
    case "optional":
    case "nullable":
    case "default":
    case "prefault":
    case "nonoptional":
    case "readonly":
    case "catch":
      return unlessAbsent(conversionFor(def.innerType, origin));
    case "pipe":
      return conversionFor(def.in, origin);
    default:
      return undefined;
  }
}

function unlessAbsent(inner: Conversion | undefined): Conversion | undefined {
  return inner && ((raw) => (raw === undefined || raw === null ? raw : inner(raw)));
}

function toNumber(otherwise: string): Conversion {
  return (raw) =>
    typeof raw !== "string"
      ? raw
      : /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(raw)
        ? Number(raw)
        : new NotConverted(otherwise);
}

function toBoolean(raw: unknown): unknown {
  if (raw === "true" || raw === "1") return true;
  if (raw === "false" || raw === "0") return false;
  return typeof raw === "string" ? new NotConverted("expected true or false") : raw;
}

function toBigint(raw: unknown): unknown {
  if (typeof raw === "number" && Number.isSafeInteger(raw)) return BigInt(raw);
  if (typeof raw !== "string") return raw;
  // Far more digits than 64 bits have; without a limit a long text would keep the process busy.
  return /^[+-]?\d{1,40}$/.test(raw)
    ? BigInt(raw.replace("+", ""))
    : new NotConverted("expected a whole number");
}

const instant = z.union([z.iso.datetime({ offset: true }), z.iso.date()]);

function toDate(raw: unknown): unknown {
  if (typeof raw !== "string") return raw;
  return instant.safeParse(raw).success
    ? new Date(raw)
    : new NotConverted("expected a date or an instant, such as 2001-01-31T12:00:00Z");
}

/** Texts stay as they are; numbers and booleans among the values are known by how they are written. */
function toLiteral(schema: AnySchema): Conversion | undefined {
  const byText = new Map<string, unknown>();
  for (const value of schema._zod.values ?? [])
    if (typeof value !== "string") byText.set(String(value), value);
  return byText.size === 0 ? undefined : (raw) => (typeof raw === "string" ? (byText.get(raw) ?? raw) : raw);
}

function toList(element: Conversion | undefined, origin: Origin): Conversion | undefined {
  if (origin === "json" && element === undefined) return undefined;
  return (raw) => {
    if (raw === undefined || (origin === "json" && !Array.isArray(raw))) return raw;
    const list: unknown[] = Array.isArray(raw) ? raw : [raw];
    return element === undefined ? list : list.map(element);
  };
}

function toObject(shape: Readonly<Record<string, AnySchema>>): Conversion | undefined {
  const conversions = Object.entries(shape).flatMap(([name, field]) => {
    const conversion = conversionFor(field, "json");
    return conversion === undefined ? [] : [[name, conversion] as const];
  });
  if (conversions.length === 0) return undefined;
  return (raw) => {
    if (typeof raw !== "object" || raw === null || Array.isArray(raw)) return raw;
    const converted: Record<string, unknown> = { ...raw };
    for (const [name, conversion] of conversions) {
      if (Object.hasOwn(converted, name)) converted[name] = conversion(converted[name]);
    }
    return converted;
  };
}

/** The first member that takes it, converted for that member. */
function toUnion(options: readonly AnySchema[], origin: Origin): Conversion | undefined {
  const members = options.map((option) => ({ option, conversion: conversionFor(option, origin) }));
  if (members.every(({ conversion }) => conversion === undefined)) return undefined;
  return (raw) => {
    for (const { option, conversion } of members) {
      const converted = conversion === undefined ? raw : conversion(raw);
      if (findNotConverted(converted).length === 0 && z.core.safeParse(option, converted).success)
        return converted;
    }
    return raw;
  };
}

interface NotConvertedPlace {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}
const nowhere: readonly NotConvertedPlace[] = [];

/** Every place in a converted value that could not be converted. Cheap when there is none, which is nearly always. */
export function findNotConverted(
  value: unknown,
  path: readonly PropertyKey[] = [],
): readonly NotConvertedPlace[] {
  if (typeof value !== "object" || value === null || value instanceof Date) return nowhere;
  if (value instanceof NotConverted) return [{ path, message: value.message }];
  let found: NotConvertedPlace[] | undefined;
  for (const key in value) {
    const member = (value as Readonly<Record<string, unknown>>)[key];
    if (typeof member !== "object" || member === null) continue;
    const below = findNotConverted(member, [...path, Array.isArray(value) ? Number(key) : key]);
    if (below.length > 0) (found ??= []).push(...below);
  }
  return found ?? nowhere;
}
