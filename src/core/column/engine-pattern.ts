/** White space as JavaScript's `\s` means it; the engine's `\s` knows ASCII only. */
const space =
  "\\t-\\r \\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}";
const lineEnd = "\\n\\r\\x{2028}\\x{2029}";

/**
 * A JavaScript pattern in the engine's dialect (RE2), meaning the same; undefined when it has none (lookaround,
 * back references, the flags `m` and `v`). Both read `$` as the very end. The one difference left
 * is that the engine always counts in code points, as the `u` flag does.
 */
export function enginePattern(pattern: RegExp): string | undefined {
  // The engine's lines end at \n alone.
  if (pattern.unicodeSets || pattern.multiline) return undefined;
  // With `u`, ignoring case folds letters beyond ASCII otherwise than RE2 does.
  if (pattern.ignoreCase && pattern.unicode) return undefined;
  const text = pattern.source;
  let result = pattern.ignoreCase ? "(?i)" : "";
  let inClass = false;
  for (let at = 0; at < text.length; at += 1) {
    const piece = text.slice(at);
    const character = piece[0] ?? "";
    const token =
      character === "\\"
        ? escaped(piece, inClass, pattern.unicode)
        : inClass
          ? classCharacter(character)
          : plain(piece, pattern.dotAll);
    if (token === undefined) return undefined;
    if (!inClass && character === "[") inClass = true;
    else if (inClass && character === "]") inClass = false;
    result += token.text;
    at += token.length - 1;
  }
  return result;
}

interface Token {
  readonly text: string;
  /** How much of the source it stands for. */
  readonly length: number;
}

function escaped(piece: string, inClass: boolean, unicode: boolean): Token | undefined {
  const next = piece[1] ?? "";
  if (next === "s") return { text: inClass ? space : `[${space}]`, length: 2 };
  if (next === "S") return inClass ? undefined : { text: `[^${space}]`, length: 2 };
  const hex = /^\\u\{([0-9a-fA-F]+)\}|^\\u([0-9a-fA-F]{4})|^\\x([0-9a-fA-F]{2})/.exec(piece);
  if (hex !== null) {
    const digits = hex[1] ?? hex[2] ?? hex[3] ?? "";
    const code = Number.parseInt(digits, 16);
    // Halves of surrogate pairs are no characters to the engine; `\u{…}` is a repetition without the flag.
    if ((code >= 0xd800 && code <= 0xdfff) || (hex[1] !== undefined && !unicode)) return undefined;
    return { text: `\\x{${digits}}`, length: hex[0].length };
  }
  if (next === "b") return inClass ? { text: "\\x{8}", length: 2 } : { text: "\\b", length: 2 };
  if ("dDwWtnrfvB".includes(next)) return { text: `\\${next}`, length: 2 };
  if (next === "0" && !/^\\0\d/.test(piece)) return { text: "\\x{0}", length: 2 };
  // An escaped sign stands for itself; letters and digits left over are back references, \p, \k, \c.
  return next !== "" && !/[A-Za-z0-9]/.test(next) ? { text: `\\${next}`, length: 2 } : undefined;
}

function classCharacter(character: string): Token | undefined {
  // `[[:alpha:]]` would be a named class to the engine.
  return { text: character === "[" ? "\\[" : character, length: 1 };
}

function plain(piece: string, dotAll: boolean): Token | undefined {
  if (piece.startsWith("[]")) return undefined;
  if (piece.startsWith("[^]")) return undefined;
  if (piece.startsWith("[")) return { text: piece[1] === "^" ? "[^" : "[", length: piece[1] === "^" ? 2 : 1 };
  if (piece.startsWith(".")) return { text: dotAll ? "(?s:.)" : `[^${lineEnd}]`, length: 1 };
  if (piece.startsWith("(?")) {
    if (piece.startsWith("(?:")) return { text: "(?:", length: 3 };
    const named = /^\(\?<([A-Za-z_]\w*)>/.exec(piece);
    return named === null ? undefined : { text: "(", length: named[0].length };
  }
  // A repetition counts at most 1,000 times in the engine.
  const counted = /^\{(\d+)(?:,(\d*))?\}/.exec(piece);
  if (counted !== null && Math.max(Number(counted[1]), Number(counted[2] ?? 0)) > 1000) return undefined;
  return { text: piece[0] ?? "", length: 1 };
}
