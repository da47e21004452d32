import type { DefinitionSite } from "../definition-site.ts";
import { reasonOf } from "../errors.ts";
import { isPlainObject } from "../plain-object.ts";
import type { AnyObject } from "../schema.ts";
import { serialize } from "../serial/serialize.ts";
import { givenFlaw } from "./given-flaw.ts";
import type { Template } from "./graph-data.ts";
import { recordedRef, refName, type RecordedRef } from "./recorded-ref.ts";
import type { Frame, Recording } from "./recording.ts";

/** Deeper than anybody means to nest. A structure that holds itself is as deep as the stack. */
const deepest = 500;

/**
 * What a call is given, as data: values copied, so that a later change of them changes nothing, and refs found in them.
 *
 * @param what uses it, for messages: "fetch_page"
 * @param name of the structure itself, for messages: "input"
 */
export function takeTemplate(
  recording: Recording,
  given: unknown,
  { what, name, site }: { readonly what: string; readonly name: string; readonly site: DefinitionSite },
): Template {
  const unfit = (reason: string): Template => {
    recording.report("GRAPH_VALUE_UNFIT", { what, reason }, site);
    return value(undefined);
  };
  const take = (part: unknown, path: string, depth: number): Template => {
    const ref = recordedRef(part);
    if (ref !== undefined) {
      const owner = strangeOwner(ref, recording.frame);
      if (owner === undefined) return ref.template;
      recording.report("REF_FROM_ELSEWHERE", { what, ref: refName(ref.template), owner }, site);
      return value(undefined);
    }
    const isStructure = Array.isArray(part) || isPlainObject(part);
    if (isStructure && depth > deepest)
      return unfit(`${path.slice(0, 60)}… is nested deeper than ${deepest} levels`);
    if (Array.isArray(part)) return listOf(part.map((item, at) => take(item, `${path}[${at}]`, depth + 1)));
    if (isPlainObject(part)) {
      const fields = Object.entries(part).map(
        ([key, field]) => [key, take(field, `${path}.${key}`, depth + 1)] as const,
      );
      return recordOf(fields);
    }
    try {
      serialize(part, path);
      return value(part);
    } catch (error) {
      return unfit(reasonOf(error));
    }
  };
  return take(given, name, 0);
}

/**
 * The same of what has to fit a schema. What can be told of that already is told.
 *
 * @param step that gets it
 */
export function takeFitting(
  recording: Recording,
  given: unknown,
  schema: AnyObject,
  code: "OP_INPUT_INVALID" | "OP_CONFIG_INVALID",
  about: {
    readonly what: string;
    readonly name: string;
    readonly step: string;
    readonly site: DefinitionSite;
  },
): Template {
  const known = recording.problems.length;
  const template = takeTemplate(recording, given, about);
  // What was found wrong in itself is told once.
  const reason = recording.problems.length > known ? undefined : givenFlaw(schema, template);
  if (reason !== undefined) recording.report(code, { step: about.step, reason }, about.site);
  return template;
}

/** What the ref belongs to, where it cannot be used in the frame. */
function strangeOwner({ frame: own }: RecordedRef, at: Frame): string | undefined {
  for (let frame: Frame | undefined = at; frame !== undefined; frame = frame.around) {
    if (frame === own) return undefined;
    if (frame.kind === "graph") break;
  }
  return own.recording === at.recording || own.kind === "root"
    ? own.what
    : `${own.what} of ${own.recording.root.what}`;
}

function value(of: unknown): Template {
  return Object.freeze({ template: "value", value: of });
}

type ValueTemplate = Extract<Template, { template: "value" }>;
const isValue = (template: Template): template is ValueTemplate => template.template === "value";

/** A structure without refs is one value. */
function listOf(items: readonly Template[]): Template {
  return items.every(isValue)
    ? value(Object.freeze(items.map((item) => item.value)))
    : Object.freeze({ template: "list", items: Object.freeze(items) });
}

function recordOf(fields: readonly (readonly [string, Template])[]): Template {
  const values = fields.flatMap(([key, field]) => (isValue(field) ? [[key, field.value] as const] : []));
  return values.length === fields.length
    ? value(Object.freeze(Object.fromEntries(values)))
    : Object.freeze({ template: "record", fields: Object.freeze(Object.fromEntries(fields)) });
}
