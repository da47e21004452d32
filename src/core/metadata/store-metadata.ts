import { counted } from "../counted.ts";
import { reasonOf } from "../errors.ts";
import { isPlainObject } from "../plain-object.ts";
import { isMetadataKind, metadataKinds } from "./metadata-kinds.ts";
import type { StoredMetadata } from "./metadata-value.ts";

/** Metadata is read with every version: what is larger belongs in an asset or a file. In characters of its JSON. */
export const metadataLimits = { value: 32_768, all: 65_536, name: 200, depth: 32 } as const;

/** What is kept, or why it cannot be: which value (`curve[3].at`), and what is wrong with it. */
export type Storing =
  | { readonly stored: StoredMetadata; readonly flaw?: never }
  | { readonly stored?: never; readonly flaw: { readonly name: string; readonly reason: string } };

/**
 * Metadata as it is kept: a copy, with dates and what `meta` made in their stored form. What is in that form already
 * stays as it is. Members that are undefined are left out, as in JSON.
 *
 * @param before What is kept already: of a name that is given again the new value counts
 */
export function storeMetadata(given: unknown, before: StoredMetadata = {}): Storing {
  try {
    if (!isPlainObject(given)) misfit("", `it is ${described(given)}, and no object with values by name`);
    const stored: Record<string, unknown>[] = [before];
    for (const [name, value] of Object.entries(given)) {
      if (value === undefined) continue;
      if (name === "" || name.length > metadataLimits.name)
        misfit(name.slice(0, 20), `its name is no text of 1 to ${metadataLimits.name} characters`);
      const room = new Room(name);
      stored.push(Object.fromEntries([[name, storeValue(value, { path: name, depth: 0, room })]]));
    }
    // By spreading, never by assigning: a name may be __proto__.
    const all = stored.reduce((one, other) => ({ ...one, ...other }));
    if (stored.length > 1 && JSON.stringify(all).length > metadataLimits.all)
      misfit(Object.keys(given).at(-1) ?? "", `with it all of it takes ${tooMuch(metadataLimits.all)}`);
    return { stored: all };
  } catch (thrown) {
    if (thrown instanceof Misfit) return { flaw: thrown };
    // What it is made of may be code: a getter that throws.
    return { flaw: { name: "", reason: reasonOf(thrown) } };
  }
}

interface Where {
  readonly path: string;
  readonly depth: number;
  readonly room: Room;
}

function storeValue(given: unknown, where: Where): unknown {
  const { path, room } = where;
  if (given === null || typeof given === "string" || typeof given === "boolean") return room.take(given);
  if (typeof given === "number") {
    if (!Number.isFinite(given)) misfit(path, `it is ${given}, which JSON cannot hold: give null or a text`);
    // JSON has one zero.
    return room.take(given === 0 ? 0 : given);
  }
  if (given instanceof Date) {
    if (Number.isNaN(given.getTime())) misfit(path, "it is a Date that is no point in time");
    return { $meta: "timestamp", value: room.take(given.toISOString()) };
  }
  if (where.depth >= metadataLimits.depth)
    misfit(room.name, `it is nested more than ${metadataLimits.depth} deep, or holds itself`);
  if (Array.isArray(given)) {
    return Array.from(given, (item: unknown, index) => {
      room.spend(1);
      return storeValue(item, below(where, `[${index}]`));
    });
  }
  if (!isPlainObject(given)) misfit(path, `it is ${described(given)}`);
  if (Object.hasOwn(given, "$meta")) return storeTyped(given, where);
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, member]) => {
      if (member === undefined) return [];
      room.spend(JSON.stringify(name).length + 2);
      return [[name, storeValue(member, below(where, `.${name}`))] as const];
    }),
  );
}

/** `$meta` says how the value is read: nothing else may look like it. */
function storeTyped(given: Readonly<Record<string, unknown>>, where: Where): unknown {
  const { path, room } = where;
  const { $meta: kind, value } = given;
  const isMade = Object.keys(given).length === 2 && Object.hasOwn(given, "value");
  if (!isMetadataKind(kind) || !isMade) misfit(path, "it is an object with $meta, which only meta.… makes");
  room.spend(kind.length + 22);
  const stored = value === undefined ? undefined : storeValue(value, below(where, ""));
  const { wanted, fits } = metadataKinds[kind];
  // Never the value itself: a URL that is refused may hold the password.
  if (!fits(stored)) misfit(path, `meta.${kind} is given ${described(value)}; it must be ${wanted}`);
  return { $meta: kind, value: stored };
}

function below({ path, depth, room }: Where, step: string): Where {
  return { path: `${path}${step}`.slice(0, metadataLimits.name), depth: depth + 1, room };
}

/** Counts what a value takes while it is copied, so that one that never ends is not followed far. */
class Room {
  readonly name: string;
  #left: number = metadataLimits.value;

  constructor(name: string) {
    this.name = name;
  }

  take<T extends string | number | boolean | null>(value: T): T {
    // A text that is far too long is not written out to find that out.
    const isTooLong = typeof value === "string" && value.length > this.#left;
    this.spend(isTooLong ? value.length : JSON.stringify(value).length);
    return value;
  }

  spend(characters: number): void {
    this.#left -= characters;
    if (this.#left < 0) misfit(this.name, `it takes ${tooMuch(metadataLimits.value)}`);
  }
}

function tooMuch(limit: number): string {
  return `more than ${counted(limit, "character")} as JSON: keep it in an asset or a file`;
}

class Misfit extends Error {
  override readonly name: string;
  readonly reason: string;

  constructor(name: string, reason: string) {
    super(reason);
    this.name = name;
    this.reason = reason;
  }
}

function misfit(name: string, reason: string): never {
  throw new Misfit(name, reason);
}

function described(value: unknown): string {
  if (typeof value === "bigint") return "a bigint: give Number(n), or String(n) to keep it exact";
  if (value === undefined || value === null) return String(value);
  if (Array.isArray(value)) return "a list";
  if (typeof value !== "object") return `a ${typeof value}`;
  if (isPlainObject(value)) return "an object";
  const { constructor } = value;
  return typeof constructor === "function" && constructor.name !== ""
    ? `an instance of ${constructor.name}`
    : "an object of a class";
}
