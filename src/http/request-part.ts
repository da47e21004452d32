import * as z from "zod";
import type { AnyObject, AnySchema } from "../core/schema.ts";
import { jsonPointer, type RequestMistake, type RequestPart } from "./request-invalid.ts";
import { conversionFor, findNotConverted, type Conversion } from "./text-conversion.ts";

/** A part of a request that was read, or the mistakes in it. */
export type PartRead = { readonly value: unknown } | { readonly mistakes: readonly RequestMistake[] };

/** One part of an endpoint's request. A promise only where the schema itself needs one (an async refinement). */
export interface PartReader {
  read(raw: unknown): PartRead | Promise<PartRead>;
}

/** Parameters by name: path, query or headers, all of them text. */
export function namedPartReader(part: RequestPart, schema: AnyObject): PartReader {
  const { shape, catchall } = schema._zod.def;
  const open = catchall !== undefined && catchall._zod.def.type !== "never";
  const fields = new Map<string, { conversion: Conversion | undefined; list: boolean }>();
  // Header names do not tell upper from lower case; Node gives them in lower case.
  const spelled = new Map<string, string>();
  for (const [name, field] of Object.entries(shape)) {
    fields.set(name, { conversion: conversionFor(field, "text"), list: takesList(field) });
    spelled.set(part === "headers" ? name.toLowerCase() : name, name);
  }
  const converts = [...fields.values()].some(({ conversion }) => conversion !== undefined);
  const parse = schemaReader(part, schema, converts);
  return {
    read(raw) {
      const value: Record<string, unknown> = {};
      let mistakes: RequestMistake[] | undefined;
      const given = raw as Readonly<Record<string, unknown>>;
      for (const key in given) {
        const name = spelled.get(key);
        const field = name === undefined ? undefined : fields.get(name);
        if (name === undefined || field === undefined) {
          if (part === "headers") continue;
          if (open) setOwn(value, key, given[key]);
          else (mistakes ??= []).push(unknownParameter(part, key, spelled));
          continue;
        }
        const text = given[key];
        if (Array.isArray(text) && !field.list) {
          (mistakes ??= []).push({
            in: part,
            path: jsonPointer([name]),
            message: "is given more than once",
            code: "repeated",
          });
        } else {
          setOwn(value, name, field.conversion === undefined ? text : field.conversion(text));
        }
      }
      return parse(value, mistakes);
    },
  };
}

/** A part that has one schema: the body. */
export function bodyReader(schema: AnySchema): PartReader {
  const conversion = conversionFor(schema, "json");
  const parse = schemaReader("body", schema, conversion !== undefined);
  return { read: (raw) => parse(conversion === undefined ? raw : conversion(raw)) };
}

/** A part for which nothing was declared: path parameters are text, a query is empty. */
export function undeclaredPartReader(part: RequestPart): PartReader {
  const none = new Map<string, string>();
  return {
    read(raw) {
      if (part !== "query") return { value: raw };
      for (const _ in raw as object) {
        return { mistakes: Object.keys(raw as object).map((key) => unknownParameter(part, key, none)) };
      }
      return { value: raw };
    },
  };
}

type Parse = (value: unknown, mistakes?: readonly RequestMistake[]) => PartRead | Promise<PartRead>;

function schemaReader(part: RequestPart, schema: AnySchema, converts: boolean): Parse {
  let isAsync = false;
  const context = { error: explain };
  const finish = (
    parsed: z.core.util.SafeParseResult<unknown>,
    value: unknown,
    earlier: readonly RequestMistake[] | undefined,
  ): PartRead => {
    // A schema that coerces, or takes anything, lets even a value pass that was not converted.
    const found = converts ? findNotConverted(value) : [];
    if (parsed.success && earlier === undefined && found.length === 0) return { value: parsed.data };
    const mistakes = [...(earlier ?? [])];
    for (const { path, message } of found) {
      mistakes.push({ in: part, path: jsonPointer(path), message, code: "invalid_type" });
    }
    const known = new Set(mistakes.map(({ path }) => path));
    for (const mistake of parsed.success ? [] : mistakesOf(part, parsed.error.issues)) {
      if (!known.has(mistake.path)) mistakes.push(mistake);
    }
    return { mistakes };
  };
  return (value, earlier) => {
    if (!isAsync) {
      try {
        return finish(z.core.safeParse(schema, value, context), value, earlier);
      } catch (error) {
        if (!(error instanceof z.core.$ZodAsyncError)) throw error;
        isAsync = true;
      }
    }
    return z.core.safeParseAsync(schema, value, context).then((parsed) => finish(parsed, value, earlier));
  };
}

/** Words for the commonest mistakes; undefined leaves them to the schema library. */
function explain(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code !== "invalid_type") return undefined;
  if (issue.input === undefined) return "is required";
  const expected: string = issue.expected;
  if (expected === "int" || (expected === "number" && "format" in issue)) return "expected a whole number";
  return undefined;
}

function mistakesOf(part: RequestPart, issues: readonly z.core.$ZodIssue[]): RequestMistake[] {
  return issues.flatMap((issue): RequestMistake[] => {
    const { code, message, path } = issue;
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => ({
        in: part,
        path: jsonPointer([...path, key]),
        message: "is not known here",
        code: issue.code,
      }));
    }
    return [{ in: part, path: jsonPointer(path), message, code: code ?? "custom" }];
  });
}

function unknownParameter(
  part: RequestPart,
  key: string,
  spelled: ReadonlyMap<string, string>,
): RequestMistake {
  const names = [...spelled.values()];
  const known = names.length === 0 ? "there are none" : `there is ${names.join(", ")}`;
  return {
    in: part,
    path: jsonPointer([key]),
    message: `is no parameter here; ${known}`,
    code: "unrecognized_keys",
  };
}

/** A parameter may be called `__proto__`. */
function setOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === "__proto__")
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true });
  else target[key] = value;
}

function takesList(schema: AnySchema): boolean {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if (def.type === "array" || def.type === "tuple" || def.type === "set") return true;
  if (def.type === "any" || def.type === "unknown") return true;
  if (def.type === "union") return def.options.some(takesList);
  if (def.type === "pipe") return takesList(def.in) || def.in._zod.def.type === "transform";
  return "innerType" in def && takesList(def.innerType);
}
