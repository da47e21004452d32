import { hash } from "node:crypto";
import type { SqlTree, SqlValue } from "../core/sql/sql-tree.ts";
import type { ParsedRequest } from "../http/request-reader.ts";

/**
 * A strong entity tag made of what an answer is made from, so that it is known before the answer is (N26).
 *
 * Such a tag is *issued* only with an answer that is a function of these inputs: one SQL statement that the engine
 * calls deterministic, over immutable versions, or what an author vouches for. So a request that *brings* it proves by
 * that alone that the answer would come out the same, and gets its 304 before the engine is touched (N27): nothing has to be
 * remembered, and it holds across restarts and between processes. A tag for inputs that were never found deterministic
 * exists nowhere, and matches nothing.
 *
 * @param statements the SQL that gives the answer; absent for a vouched one
 * @returns undefined for a request of which no canonical text can be made
 */
export function derivedTag(
  seed: string,
  mediaType: string,
  request: ParsedRequest,
  statements: readonly (SqlTree | undefined)[],
): string | undefined {
  const text = requestText(request);
  if (text === undefined) return undefined;
  // Lengths keep the pieces apart; identity is the content coding.
  let whole = `${seed} ${mediaType} identity ${text.length}:${text}`;
  for (const statement of statements)
    whole += statement === undefined ? " -" : ` ${statementText(statement)}`;
  return `"d-${hash("sha256", whole, "base64url").slice(0, 27)}"`;
}

/** A strong entity tag of the bytes themselves, for all other answers. */
export function bodyTag(body: string | Uint8Array, mediaType: string): string {
  const digest = hash("sha256", body, "base64url");
  return `"b-${digest.slice(0, 27)}${mediaType === "text/csv" ? "-csv" : ""}"`;
}

/**
 * Equal for equal statements; bound values with their types. Text and names hold no zero character (the engine refuses
 * them), so one keeps the pieces apart; values, which may hold anything, say how long they are.
 */
function statementText(statement: SqlTree): string {
  let text: string = statement.rows;
  for (const part of statement.parts) {
    switch (part.part) {
      case "text":
        text += `\0t${shortened(part.text)}`;
        break;
      case "table":
        text += `\0a${part.table.dependency ?? ""}\0${part.table.asset}`;
        break;
      case "identifier":
        text += `\0i${part.name}`;
        break;
      case "bound":
        text += `\0b${part.bound}`;
        break;
      case "value": {
        const value = valueText(part.value);
        text += `\0v${value.length}:${value}`;
      }
    }
  }
  return text;
}

/** Long texts and their digests. A handler's are the same strings each time, so that looking them up costs little. */
const digests = new Map<string, string>();
const mostDigests = 10_000;

function shortened(text: string): string {
  if (text.length <= 32) return text;
  let digest = digests.get(text);
  if (digest === undefined) {
    if (digests.size >= mostDigests) digests.clear();
    digest = `#${hash("sha256", text, "base64url")}`;
    digests.set(text, digest);
  }
  return digest;
}

function valueText(value: SqlValue): string {
  if (typeof value === "string") return `s${value}`;
  if (value === null || typeof value !== "object")
    return `${typeof value}${Object.is(value, -0) ? "-0" : String(value)}`;
  if (value instanceof Date) return `date${value.getTime()}`;
  if (value instanceof Uint8Array) return `bytes${Buffer.from(value).toString("base64")}`;
  return `list${value.map((item) => `${valueText(item).length}:${valueText(item)}`).join("")}`;
}

function requestText({ params, query, headers, body }: ParsedRequest): string | undefined {
  const inPath = canonical(params);
  const inQuery = canonical(query);
  const inHeaders = canonical(headers);
  const inBody = canonical(body);
  if (inPath === undefined || inQuery === undefined || inHeaders === undefined || inBody === undefined)
    return undefined;
  return `${inPath} ${inQuery} ${inHeaders} ${inBody}`;
}

/** One text for equal values, whatever the order of their keys; undefined for what has none (a class, a function). */
function canonical(value: unknown): string | undefined {
  switch (typeof value) {
    case "string":
      return `${value.length}:${value}`;
    case "number":
      return Object.is(value, -0) ? "-0" : String(value);
    case "boolean":
    case "undefined":
      return String(value);
    case "bigint":
      return `${value}n`;
    case "object":
      break;
    default:
      return undefined;
  }
  if (value === null) return "null";
  if (value instanceof Date) return `@${value.getTime()}`;
  const isList = Array.isArray(value);
  if (!isList && !isPlain(value)) return undefined;
  const members = value as Readonly<Record<string, unknown>>;
  const keys = Object.keys(members);
  if (!isList && keys.length > 1) keys.sort();
  let text = isList ? "[" : "{";
  for (const key of keys) {
    const member = canonical(members[key]);
    if (member === undefined) return undefined;
    text += isList ? `${member},` : `${key.length}:${key}=${member},`;
  }
  return `${text}${isList ? "]" : "}"}`;
}

/** A record: made by `{}`, without a prototype, or (as routers and parsers do) from an empty one. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
