import type { AnyObject, AnySchema } from "../schema.ts";
import { alternatives, changedConfig } from "./config-shape.ts";
import { isSecret, secretMark } from "./secret.ts";
import { isReference } from "./variables.ts";

const holdsSecret = (schemas: readonly AnySchema[]): boolean => alternatives(schemas).some(isSecret);

/** The texts in a config that its schema calls secret, wherever it may do so. References are not among them. */
export function secretsIn(schema: AnyObject | undefined, config: unknown): readonly string[] {
  const secrets: string[] = [];
  if (schema === undefined) return secrets;
  changedConfig([schema], config, (schemas, value) => {
    if (!holdsSecret(schemas) || isReference(value)) return undefined;
    secrets.push(...textsIn(value));
    return { instead: value };
  });
  return secrets;
}

/**
 * A config as it may be kept and shown: `***` stands for each secret. References to variables stay what they are, so
 * that with the same variables the same can be run again.
 */
export function redactedConfig(schema: AnyObject | undefined, config: unknown): unknown {
  if (schema === undefined) return config;
  return changedConfig([schema], config, (schemas, value) =>
    holdsSecret(schemas) && value !== undefined && value !== null
      ? { instead: isReference(value) && value.default === undefined ? value : secretMark }
      : undefined,
  );
}

/** What was given in the place of a secret, whatever it is: a number or a list is a mistake, and no less secret. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (typeof value === "number" || typeof value === "bigint") return [String(value)];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
