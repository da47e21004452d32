import type { MillraceError } from "../errors.ts";
import { isPlainObject } from "../plain-object.ts";
import { fieldInvalid } from "./config-mistakes.ts";
import { printConfigPath, readConfigPath, type ConfigPath } from "./config-path.ts";
import { isReference } from "./variables.ts";

/** A config as somebody gave it: a whole document, or one value at a path. */
export type ConfigSource =
  | { readonly source: "document"; readonly document: unknown }
  | { readonly source: "setting"; readonly path: ConfigPath; readonly value: unknown };

/** What several sources say together: of what two say something, the later says. */
export type MergedConfig =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problems: readonly MillraceError[] };

/** Objects are merged member by member; lists, texts and references are taken whole. */
export function mergeConfig(sources: readonly ConfigSource[]): MergedConfig {
  const problems: MillraceError[] = [];
  const value = sources.reduce<unknown>((before, given) => {
    if (given.source === "document") return merged(before, given.document);
    const changed = placed(before, given.path, given.value);
    if (changed !== undefined) return changed.value;
    const field = printConfigPath(given.path);
    problems.push(fieldInvalid(field, "the list has no such place; the next free one may be set"));
    return before;
  }, {});
  return problems.length === 0 ? { ok: true, value } : { ok: false, problems };
}

/** `path=value`, taken apart at the first `=` that the path does not quote; or why it cannot be. */
export function readSetting(
  text: string,
): { readonly path: ConfigPath; readonly text: string } | { readonly reason: string } {
  const read = readConfigPath(text);
  if ("reason" in read) return read;
  if (read.end === text.length) return { reason: `${text} lacks its value; write path=value` };
  return { path: read.path, text: text.slice(read.end + 1) };
}

/** What two say together, of which the second goes first. */
export function merged(before: unknown, after: unknown): unknown {
  if (!isMergeable(before) || !isMergeable(after)) return after;
  const both = new Map(Object.entries(before));
  for (const [name, value] of Object.entries(after))
    both.set(name, both.has(name) ? merged(both.get(name), value) : value);
  // Not by assigning: a member may be named __proto__.
  return Object.fromEntries(both);
}

const isMergeable = (value: unknown): value is Readonly<Record<string, unknown>> =>
  isPlainObject(value) && !isReference(value);

function placed(
  before: unknown,
  [segment, ...rest]: ConfigPath,
  value: unknown,
): { readonly value: unknown } | undefined {
  if (segment === undefined) return { value };
  if (typeof segment === "number") {
    const list: readonly unknown[] = Array.isArray(before) ? before : [];
    if (segment > list.length) return undefined;
    const item = placed(list[segment], rest, value);
    return item && { value: [...list.slice(0, segment), item.value, ...list.slice(segment + 1)] };
  }
  const object = isMergeable(before) ? before : {};
  const own = Object.hasOwn(object, segment) ? object[segment] : undefined;
  const member = placed(own, rest, value);
  return member && { value: Object.fromEntries([...Object.entries(object), [segment, member.value]]) };
}
