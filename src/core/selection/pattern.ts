/**
 * A text with gaps, as the pieces between them: `["sales/", ""]` is `sales/*`. One piece is a text without a gap.
 * A gap stands for any part of a text, also an empty one.
 */
export type Pattern = readonly [string, ...string[]];

/** The whole text, where there is no gap. */
export function literalOf(pattern: Pattern): string | undefined {
  return pattern.length === 1 ? pattern[0] : undefined;
}

/** Takes the first place where each piece fits, which is enough and linear; a regular expression would backtrack. */
export function fitsPattern(text: string, pattern: Pattern): boolean {
  const [first] = pattern;
  const last = pattern.length - 1;
  if (last === 0) return text === first;
  const end = text.length - (pattern[last] ?? "").length;
  if (first.length > end || !text.startsWith(first) || !text.endsWith(pattern[last] ?? "")) return false;
  let from = first.length;
  for (let index = 1; index < last; index += 1) {
    const piece = pattern[index] ?? "";
    const found = text.indexOf(piece, from);
    if (found === -1) return false;
    from = found + piece.length;
  }
  return from <= end;
}
