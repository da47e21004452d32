import { MillraceError, reasonOf } from "../../core/errors.ts";
import type { MapNode } from "../../core/graph/graph-data.ts";
import type { Frames, ItemFrame } from "./graph-places.ts";

/** Longer names of items are cut short in lists and make logs unreadable. In characters. */
const longestKey = 200;

/**
 * The items of a map, each with those around it.
 *
 * @param name The map's own name among the items around it, for messages
 * @throws MAP_NOT_A_LIST, MAP_KEY_INVALID, MAP_KEY_REPEATED
 */
export function itemFrames(node: MapNode, name: string, list: unknown, around: Frames): readonly Frames[] {
  if (!Array.isArray(list)) throw new MillraceError("MAP_NOT_A_LIST", { map: name, found: kindOf(list) });
  const places = new Map<string, number>();
  return list.map((item: unknown, index): Frames => {
    const key = node.key === undefined ? String(index) : keyOf(node.key, item, index, name);
    const other = places.get(key);
    if (other !== undefined)
      throw new MillraceError("MAP_KEY_REPEATED", { map: name, key, first: other, second: index });
    places.set(key, index);
    const frame: ItemFrame = { map: node.id, key, index, item };
    return [...around, frame];
  });
}

function keyOf(name: (item: unknown) => unknown, item: unknown, index: number, map: string): string {
  const invalid = (reason: string, cause?: unknown): MillraceError =>
    new MillraceError("MAP_KEY_INVALID", { map, index, reason }, { cause });
  let key: unknown;
  try {
    key = name(item);
  } catch (error) {
    throw invalid(reasonOf(error), error);
  }
  if (typeof key !== "string" && typeof key !== "number")
    throw invalid(`it is ${kindOf(key)}, no text or number`);
  const text = String(key);
  if (text === "") throw invalid("it is empty");
  if (text.length > longestKey) throw invalid(`it has ${text.length} characters, more than ${longestKey}`);
  // Brackets part the names of items from one another.
  if (/[[\]\p{Cc}]/u.test(text))
    throw invalid(`${JSON.stringify(text)} has a bracket or a control character in it`);
  return text;
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (value === undefined) return "undefined";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
