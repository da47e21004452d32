import * as z from "zod";
import { reasonOf, type MillraceError } from "../errors.ts";
import { isPlainObject } from "../plain-object.ts";
import type { AnyObject, AnySchema } from "../schema.ts";
import { fieldInvalid, fieldUnknown } from "./config-mistakes.ts";
import { below } from "./config-path.ts";
import { secretsIn } from "./config-secrets.ts";
import { alternatives, memberNames, schemasBelow } from "./config-shape.ts";
import { Redactor } from "./redactor.ts";
import { unknownMembers } from "./unknown-members.ts";
import { resolveVariables, type Variables } from "./variables.ts";

/** A config that fits its schema, defaults put in; or every mistake in it, each with its path in `place.field`. */
export type ParsedConfig =
  | { readonly ok: true; readonly value: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly problems: readonly MillraceError[] };

const noVariables: Variables = Object.freeze({});

/**
 * Reads one config: variables are put in, defaults too, and members that no schema names are mistakes, with what may
 * have been meant. No mistake tells the text of a secret.
 *
 * @param schema Absent: nothing may be given
 * @param given Absent: the same as an empty object
 * @param where Path of the config, for instance `config` or `resources.warehouse`
 * @param variables What `{ "$env": "NAME" }` stands for
 */
export function parseConfig(
  schema: AnyObject | undefined,
  given: unknown,
  where: string,
  variables: Variables = noVariables,
): ParsedConfig {
  if (schema === undefined) return nothingGiven(given, where);
  const { value, missing } = resolveVariables(schema, given === undefined ? {} : given, variables, where);
  const redactor = new Redactor(secretsIn(schema, value));
  const parsed = safelyParsed(schema, value);
  const problems = [...missing, ...unknownMembers(schema, value, where)];
  if ("failure" in parsed) problems.push(fieldInvalid(where, redactor.text(parsed.failure)));
  if ("issues" in parsed)
    problems.push(...parsed.issues.flatMap((issue) => mistakesOf(issue, schema, where, redactor)));
  if ("value" in parsed && problems.length === 0) return { ok: true, value: parsed.value };
  return { ok: false, problems: withoutSequels(problems, missing) };
}

function nothingGiven(given: unknown, where: string): ParsedConfig {
  if (given === undefined || (isPlainObject(given) && Object.keys(given).length === 0))
    return { ok: true, value: {} };
  return { ok: false, problems: [fieldInvalid(where, "it takes no config")] };
}

/** One of each field; nothing of what a variable that is missing would have been. */
function withoutSequels(
  problems: readonly MillraceError[],
  missing: readonly MillraceError[],
): readonly MillraceError[] {
  const first = new Map<string, MillraceError>();
  for (const problem of problems) {
    const { field = "" } = problem.place;
    if (first.has(field) || missing.some(({ place }) => liesBelow(field, place.field ?? ""))) continue;
    first.set(field, problem);
  }
  return [...first.values()];
}

function liesBelow(field: string, above: string): boolean {
  return field.startsWith(`${above}.`) || field.startsWith(`${above}[`);
}

type SafelyParsed =
  | { readonly value: Readonly<Record<string, unknown>> }
  | { readonly issues: readonly z.core.$ZodIssue[] }
  | { readonly failure: string };

/** A schema is code of the author's: what it throws is a mistake like any other. */
function safelyParsed(schema: AnyObject, value: unknown): SafelyParsed {
  try {
    const parsed = z.core.safeParse(schema, value, { error: explain });
    return parsed.success ? { value: parsed.data } : { issues: parsed.error.issues };
  } catch (error) {
    if (error instanceof z.core.$ZodAsyncError)
      return { failure: "its schema has an asynchronous rule, which a config cannot have" };
    return { failure: `its schema failed: ${reasonOf(error)}` };
  }
}

/** Words for the commonest mistakes; undefined leaves them to the schema library. */
function explain(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code !== "invalid_type") return undefined;
  if (issue.input === undefined) return "it is required";
  const expected: string = issue.expected;
  return expected === "int" ? "expected a whole number" : undefined;
}

function mistakesOf(
  issue: z.core.$ZodIssue,
  schema: AnyObject,
  where: string,
  redactor: Redactor,
): readonly MillraceError[] {
  const path = issue.path.map((part) => (typeof part === "symbol" ? String(part) : part));
  if (issue.code === "unrecognized_keys") {
    const above = path.reduce<readonly AnySchema[]>((schemas, part) => schemasBelow(schemas, part), [schema]);
    return issue.keys.map((key) => fieldUnknown(below(where, path), key, memberNames(alternatives(above))));
  }
  return [fieldInvalid(below(where, path), redactor.text(lowerFirst(issue.message)))];
}

const lowerFirst = (text: string): string => text.slice(0, 1).toLowerCase() + text.slice(1);
