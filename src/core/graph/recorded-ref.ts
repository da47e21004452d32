import { DefinitionSite } from "../definition-site.ts";
import { MillraceError } from "../errors.ts";
import { isPlainObject } from "../plain-object.ts";
import { unreachable } from "../unreachable.ts";
import type { Template } from "./graph-data.ts";
import type { Frame } from "./recording.ts";

/** What a ref stands for, and where it can be used. */
export interface RecordedRef {
  readonly template: Template;
  readonly frame: Frame;
}

const refs = new WeakMap<object, RecordedRef>();

/** What a ref stands for; undefined for anything that is none. Looks at nothing of it. */
export function recordedRef(candidate: unknown): RecordedRef | undefined {
  return typeof candidate === "function" ? refs.get(candidate) : undefined;
}

/**
 * A ref as authors hold it: any field of it is a ref, and every use as a value that can be noticed throws REF_COERCED.
 * (That it counts as true nobody can notice: types and a lint rule have to.)
 */
export function makeRef(recorded: RecordedRef): unknown {
  // Printed by its name, for whoever logs it.
  const target = Object.defineProperty(() => undefined, "name", {
    value: `ref ${refName(recorded.template)}`,
  });
  const ref = new Proxy(target, handlerOf(recorded));
  refs.set(ref, recorded);
  return ref;
}

/** A ref of what a node comes to, or of what the run or an item gives under such an id. */
export function refTo(node: string, frame: Frame): unknown {
  return makeRef({ template: Object.freeze({ template: "ref", node, path: Object.freeze([]) }), frame });
}

/** For messages: "fetch_page.html". */
export function refName(template: Template): string {
  return template.template === "ref" ? [template.node, ...template.path].join(".") : "what a graph gives";
}

/** What somebody is at who asks a ref for one of these. */
const asked: ReadonlyMap<string | symbol, string> = new Map<string | symbol, string>([
  [Symbol.toPrimitive, "used as a text or a number"],
  ["toString", "turned into text"],
  ["toLocaleString", "turned into text"],
  ["valueOf", "used as a text or a number"],
  ["toJSON", "turned into JSON"],
  [Symbol.iterator, "gone through, by for … of or as a list"],
  [Symbol.asyncIterator, "gone through, by for await"],
  ["then", "waited for, by await or by an async function that gives it back"],
]);

function handlerOf(recorded: RecordedRef): ProxyHandler<() => undefined> {
  const deny = (how: string): (() => never) =>
    function trap() {
      return coerced(recorded, how, trap);
    };
  return {
    get: function get(_, key): unknown {
      const how = asked.get(key);
      if (how !== undefined) return coerced(recorded, how, get);
      if (typeof key === "symbol") return undefined;
      return makeRef({ ...recorded, template: fieldOf(recorded.template, key) });
    },
    apply: deny("called"),
    has: deny("searched, by in"),
    ownKeys: deny("taken apart, by … or Object.keys"),
    set: deny("changed"),
    defineProperty: deny("changed"),
    deleteProperty: deny("changed"),
  };
}

/** @throws REF_COERCED, and has it among the problems of the job even where somebody catches it */
function coerced(
  { template, frame: { recording } }: RecordedRef,
  how: string,
  trap: (...args: never[]) => unknown,
): never {
  const { place } = DefinitionSite.above(trap);
  const details = { ref: `The ref ${refName(template)}`, how };
  const error = new MillraceError("REF_COERCED", details, { place: { ...recording.owner.place, ...place } });
  recording.problems.push(error);
  throw error;
}

function fieldOf(template: Template, key: string): Template {
  switch (template.template) {
    case "ref":
      return Object.freeze({ ...template, path: Object.freeze([...template.path, key]) });
    case "record":
      return (Object.hasOwn(template.fields, key) ? template.fields[key] : undefined) ?? nothing;
    case "list":
      return template.items[Number(key)] ?? nothing;
    case "value":
      return Object.freeze({ template: "value", value: partOf(template.value, key) });
    default:
      return unreachable(template);
  }
}

function partOf(value: unknown, key: string): unknown {
  const holds = (Array.isArray(value) || isPlainObject(value)) && Object.hasOwn(value, key);
  return holds ? Reflect.get(value, key) : undefined;
}

const nothing: Template = Object.freeze({ template: "value", value: undefined });
