import { canonicalJson } from "../canonical-json.ts";
import type { AnyObject } from "../schema.ts";
import { NotSerializable, serialize } from "../serial/serialize.ts";
import { redactedConfig } from "./config-secrets.ts";

/** A config as plain JSON: what JSON lacks, a date for instance, is written as the serializer writes it. */
export function plainConfig(config: unknown, name = "config"): unknown {
  return JSON.parse(serialize(config, name));
}

/**
 * Equal for configs that mean the same: as they were parsed, with their defaults, so that one left away equals one given.
 * Secrets do not count: one that is changed makes no other data.
 *
 * @param parsed What the schema made of it. Where that has no text, an instance of a class for instance, `given` counts
 */
export function configIdentity(schema: AnyObject | undefined, parsed: unknown, given: unknown): string {
  const textOf = (config: unknown): string => canonicalJson(plainConfig(redactedConfig(schema, config)));
  try {
    return textOf(parsed);
  } catch (error) {
    if (!(error instanceof NotSerializable)) throw error;
    return textOf(given);
  }
}
