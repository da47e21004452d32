import { canonicalJson } from "../canonical-json.ts";

/** What definitions say of themselves and what changes no data. */
interface Labelled {
  readonly description?: string | undefined;
  readonly group?: string | undefined;
  readonly tags?: Readonly<Record<string, string>> | readonly string[] | undefined;
  readonly owners?: readonly string[] | undefined;
}

const text = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\$]|\\.)*`/.source;
const labels = new RegExp(
  `(,?)\\s*\\b(description|group|tags|owners)\\s*:\\s*(${text}|\\[[^\\[\\]]*\\]|\\{[^{}]*\\})(\\s*,)?`,
  "g",
);

/** Every label of the definitions, for `withoutLabels`. */
export function labelsOf(definitions: Iterable<Labelled>): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { description, group, tags, owners } of definitions) {
    for (const [name, value] of Object.entries({ description, group, tags, owners })) {
      if (value !== undefined) found.add(canonicalJson([name, value]));
    }
  }
  return found;
}

/**
 * Takes the descriptions, groups, tags and owners of definitions out of a module's text, so that changing them makes
 * nothing stale (N8). Only what is written as a literal and is a label of some definition: a row of data that has a
 * `description` of its own stays.
 */
export function withoutLabels(code: string, known: ReadonlySet<string>): string {
  return code.replace(labels, (member, before: string, name: string, literal: string, after?: string) => {
    const value = literalValue(literal);
    if (value === undefined || !known.has(canonicalJson([name, value]))) return member;
    // The comma between its neighbours stays, so that the text is as if it had never been there.
    return after === undefined ? "" : before;
  });
}

function literalValue(literal: string): unknown {
  if (!literal.startsWith("[") && !literal.startsWith("{")) return textValue(literal);
  const inner = literal.slice(1, -1);
  const members = literal.startsWith("[")
    ? new RegExp(`\\s*()(${text})\\s*,?`, "gy")
    : new RegExp(`\\s*([\\w$]+|${text})\\s*:\\s*(${text})\\s*,?`, "gy");
  const found: [string, string][] = [];
  let end = 0;
  for (const [whole, key = "", value = ""] of inner.matchAll(members)) {
    const [name, read] = [/^["'`]/.test(key) ? textValue(key) : key, textValue(value)];
    if (name === undefined || read === undefined) return undefined;
    found.push([name, read]);
    end += whole.length;
  }
  if (inner.slice(end).trim() !== "") return undefined;
  return literal.startsWith("[") ? found.map(([, value]) => value) : Object.fromEntries(found);
}

/** Undefined for an escape that JSON has not. */
function textValue(literal: string): string | undefined {
  const inner = literal.slice(1, -1);
  const json = literal.startsWith('"')
    ? inner
    : inner.replaceAll(/\\(['`$])/g, "$1").replaceAll(/(\\.)|"/g, (_, escape?: string) => escape ?? '\\"');
  try {
    const value: unknown = JSON.parse(`"${json.replaceAll("\n", "\\n")}"`);
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}
