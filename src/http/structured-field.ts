/** Values of headers that are structured fields (RFC 9651). */

/** A quoted string. Structured fields are ASCII; anything else is shown as `?`. */
export function fieldString(text: string): string {
  return `"${text.replace(/[^\x20-\x7e]/g, "?").replace(/["\\]/g, "\\$&")}"`;
}

/**
 * A text as a dictionary's key, which knows only lower case, digits and `_-.*`: `/` becomes `.`, an upper-case letter
 * its lower-case one after `*`, and a key that would start otherwise starts with `*`.
 */
export function fieldKey(text: string): string {
  const key = text
    .replaceAll("/", ".")
    .replace(/[A-Z]/g, (letter) => `*${letter.toLowerCase()}`)
    .replace(/[^a-z0-9_.*-]/g, "*");
  return /^[a-z*]/.test(key) ? key : `*${key}`;
}

export function fieldDictionary(members: Iterable<readonly [key: string, value: string]>): string {
  return [...members].map(([key, value]) => `${fieldKey(key)}=${value}`).join(", ");
}
