import { suggest } from "../suggest.ts";
import { attributeNames, attributes, isAttributeName, type AttributeName } from "./attributes.ts";
import type { Pattern } from "./pattern.ts";
import { invalidSelection } from "./selection-error.ts";

/** A piece of a selection's text, from `at` up to before `end`. */
export type Token = { readonly at: number; readonly end: number } & (
  | { readonly token: "(" | ")" | "," | "+" | "and" | "or" | "not" | "end" }
  | { readonly token: "levels"; readonly levels: number }
  | { readonly token: "key"; readonly pattern: Pattern }
  | {
      readonly token: "attribute";
      readonly attribute: AttributeName;
      readonly pattern: Pattern;
      readonly value?: Pattern;
    }
);

const blanks = /\s*/y;
const attributeStart = /(\w[\w-]*):/y;
const keyRun = /[\w\-/]+/y;
const valueRun = /[^\s,()+"*]+/y;
const tagRun = /[^\s,()+"*=]+/y;
/** What ends a piece of text without being part of it. */
const delimiters = " ,()+";

/**
 * A text, token by token.
 *
 * @throws SELECTION_INVALID
 */
export function* tokensOf(text: string): Generator<Token, void> {
  let at = 0;
  for (;;) {
    at = endOf(blanks, text, at) ?? at;
    const token = at === text.length ? ({ token: "end", at, end: at } as const) : tokenAt(text, at);
    yield token;
    if (token.token === "end") return;
    at = token.end;
  }
}

function tokenAt(text: string, at: number): Token {
  const sign = text[at];
  if (sign === "(" || sign === ")" || sign === "," || sign === "+") return { token: sign, at, end: at + 1 };
  attributeStart.lastIndex = at;
  const name = attributeStart.exec(text)?.[1];
  return name === undefined ? keyToken(text, at) : attributeToken(text, at, name);
}

function keyToken(text: string, at: number): Token {
  const { pattern, end } = scanPattern(text, at, keyRun);
  if (end < text.length && !isDelimiter(text, end)) {
    throw invalidSelection(text, end, `a key has no «${String.fromCodePoint(text.codePointAt(end) ?? 0)}»`);
  }
  const word = text.slice(at, end);
  const keyword = word.toLowerCase();
  if (keyword === "and" || keyword === "or" || keyword === "not") return { token: keyword, at, end };
  if (/^\d{1,9}$/.test(word)) return { token: "levels", levels: Number(word), at, end };
  return { token: "key", pattern, at, end };
}

function attributeToken(text: string, at: number, name: string): Token {
  if (!isAttributeName(name)) {
    const reason = `there is no attribute ${name}; there are ${attributeNames.join(", ")}`;
    const meant = suggest(name, attributeNames).map((attribute) => `${attribute}:`);
    throw invalidSelection(text, at, reason, meant);
  }
  const { paired, oneOf } = attributes[name];
  const from = at + name.length + 1;
  const { pattern, end } = scanPattern(text, from, paired === true ? tagRun : valueRun);
  if (end === from)
    throw invalidSelection(text, from, `${name}: needs what it is to be, right after the colon`);
  const literal = pattern.length === 1 ? pattern[0] : undefined;
  if (oneOf !== undefined && literal !== undefined && !oneOf.includes(literal)) {
    const reason = `there is no ${name} ${literal.slice(0, 40)}; there are ${oneOf.join(", ")}`;
    throw invalidSelection(text, from, reason, suggest(literal.slice(0, 40), oneOf));
  }
  if (paired !== true || text[end] !== "=") return { token: "attribute", attribute: name, pattern, at, end };
  const value = scanPattern(text, end + 1, valueRun);
  return { token: "attribute", attribute: name, pattern, value: value.pattern, at, end: value.end };
}

/** Runs of plain letters, texts in quotes and gaps, as far as they follow one another. */
function scanPattern(text: string, from: number, run: RegExp): { pattern: Pattern; end: number } {
  const before: string[] = [];
  let piece = "";
  let at = from;
  for (;;) {
    const end = endOf(run, text, at);
    if (end !== undefined) {
      piece += text.slice(at, end);
      at = end;
    } else if (text[at] === '"') {
      const [inside, after] = scanQuoted(text, at);
      piece += inside;
      at = after;
    } else if (text[at] === "*") {
      before.push(piece);
      piece = "";
      at += 1;
    } else {
      const [first, ...others] = before;
      const pattern: Pattern = first === undefined ? [piece] : [first, ...others, piece];
      return { pattern: Object.freeze(pattern), end: at };
    }
  }
}

/** Between quotes every character is itself; `\"` is a quote, `\\` a backslash. */
function scanQuoted(text: string, from: number): [piece: string, end: number] {
  const closed = /"((?:[^"\\]|\\.)*)"/sy;
  closed.lastIndex = from;
  const inner = closed.exec(text)?.[1];
  if (inner === undefined) throw invalidSelection(text, from, 'the text that begins here has no closing "');
  return [inner.replaceAll(/\\(.)/gs, "$1"), from + inner.length + 2];
}

function endOf(run: RegExp, text: string, at: number): number | undefined {
  run.lastIndex = at;
  return run.test(text) ? run.lastIndex : undefined;
}

function isDelimiter(text: string, at: number): boolean {
  return delimiters.includes(text[at] ?? " ") || /\s/.test(text[at] ?? " ");
}
