/** What an `If-None-Match` header names: any representation, or some entity tags without their weakness mark. */
export type NoneMatch = "*" | readonly string[];

/**
 * Reads the header by RFC 9110 §13.1.2. Of a list that is broken somewhere nothing is believed: the answer is then sent
 * in full, which is always right.
 */
export function parseIfNoneMatch(header: string): NoneMatch {
  const text = header.trim();
  if (text === "*") return "*";
  const tags: string[] = [];
  const element = /[ \t]*(?:(?:W\/)?("[\x21\x23-\x7e\x80-\xff]*"))?[ \t]*(?:,|$)/y;
  while (element.lastIndex < text.length) {
    const found = element.exec(text);
    if (found === null) return [];
    if (found[1] !== undefined) tags.push(found[1]);
  }
  return tags;
}

/** Does the header name this tag? Compared weakly, as the header asks: `W/"a"` and `"a"` are the same. */
export function noneMatchNames(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  if (header === tag) return true;
  const named = parseIfNoneMatch(header);
  return named !== "*" && named.includes(tag.startsWith("W/") ? tag.slice(2) : tag);
}
