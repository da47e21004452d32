import * as z from "zod";
import type { EndpointDefinition } from "../core/endpoint/endpoint-definition.ts";
import { pathNames } from "../core/endpoint/route.ts";
import type { AnySchema } from "../core/schema.ts";
import type { ParsedRequest } from "../http/request-reader.ts";

/**
 * A request that the schemas accept, made up: so that an endpoint's SQL can be prepared before anybody asked for it.
 * Undefined when none is found; that endpoint then shows only under way whether its SQL is sound.
 */
export function sampleRequest(definition: EndpointDefinition): ParsedRequest | undefined {
  const params =
    definition.params === undefined
      ? { found: Object.fromEntries(pathNames(definition.path).map((name) => [name, "a"])) }
      : sampleOf(definition.params);
  const query = definition.query === undefined ? { found: {} } : sampleOf(definition.query);
  const headers = definition.headers === undefined ? { found: undefined } : sampleOf(definition.headers);
  if (params === undefined || query === undefined || headers === undefined || definition.body !== undefined) {
    return undefined;
  }
  return { params: params.found, query: query.found, headers: headers.found, body: undefined };
}

function sampleOf(schema: AnySchema): { readonly found: unknown } | undefined {
  for (const candidate of candidates(schema, 0)) {
    try {
      const parsed = z.core.safeParse(schema, candidate);
      if (parsed.success) return { found: parsed.data };
    } catch {
      return undefined;
    }
  }
  return undefined;
}

/** Values worth trying, few of them. */
function candidates(schema: AnySchema, depth: number): unknown[] {
  if (depth > 8) return [undefined];
  const { def, values } = (schema as z.core.$ZodTypes)._zod;
  const meta: { examples?: unknown; example?: unknown } = z.globalRegistry.get(schema) ?? {};
  const given = Array.isArray(meta.examples) ? (meta.examples as unknown[]) : [];
  const own = [...given, ...(meta.example === undefined ? [] : [meta.example])];
  if (values !== undefined && values.size > 0) return [...own, ...values];
  switch (def.type) {
    case "string":
      return [...own, ...texts];
    case "number":
      return [...own, 0, 1, 10, 100, 1000, -1, 0.5, 2001];
    case "bigint":
      return [...own, 0n, 1n, 100n];
    case "boolean":
      return [...own, false, true];
    case "date":
      return [...own, new Date("2001-01-01T00:00:00Z")];
    case "array": {
      const [element] = elementSamples(def.element, depth);
      return [...own, [], element === undefined ? [] : [element.found]];
    }
    case "object": {
      const fields: Record<string, unknown> = {};
      for (const [name, field] of Object.entries(def.shape)) {
        const [sample] = elementSamples(field, depth);
        if (sample?.found !== undefined) fields[name] = sample.found;
      }
      return [...own, fields];
    }
    case "union":
      return [...own, ...def.options.flatMap((option) => candidates(option, depth + 1))];
    case "optional":
    case "default":
    case "prefault":
      return [...own, undefined];
    case "nullable":
      return [...own, null];
    case "nonoptional":
    case "readonly":
    case "catch":
      return [...own, ...candidates(def.innerType, depth + 1)];
    case "pipe":
      return [...own, ...candidates(def.in, depth + 1)];
    default:
      return [...own, undefined, "a", 1, {}];
  }
}

/** The first candidate for a member that its own schema accepts, as it would be given. */
function elementSamples(schema: AnySchema, depth: number): { readonly found: unknown }[] {
  for (const candidate of candidates(schema, depth + 1)) {
    if (z.core.safeParse(schema, candidate).success) return [{ found: candidate }];
  }
  return [];
}

const texts = [
  "a",
  ...Array.from({ length: 11 }, (_, index) => "A".repeat(index + 2)),
  "0",
  "1",
  "12345678",
  "2001-01-01",
  "2001-01",
  "2001-01-01T00:00:00Z",
  "2001-01-01T00:00:00",
  "12:00:00",
  "00000000-0000-4000-8000-000000000000",
  "a@example.com",
  "https://example.com",
  "A".repeat(32),
  "",
];
