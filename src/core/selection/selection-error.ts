import { MillraceError } from "../errors.ts";

/** So much of a text is quoted where only a place in it is meant. */
const quoted = 60;

/** A selection that is not understood; `at` counts from 0. */
export function invalidSelection(
  text: string,
  at: number,
  reason: string,
  suggestions: readonly string[] = [],
): MillraceError {
  return new MillraceError(
    "SELECTION_INVALID",
    { selection: excerpt(text, at).text, position: at + 1, reason },
    { place: { selection: { text, position: at + 1 } }, suggestions },
  );
}

/** A text around one of its characters, and where that one is in it. Both count from 0. */
export function excerpt(text: string, at: number): { readonly text: string; readonly at: number } {
  const line = text.replaceAll(/\s/g, " ");
  if (line.length <= quoted) return { text: line, at };
  const from = Math.max(0, Math.min(at - quoted / 2, line.length - quoted));
  const before = from === 0 ? "" : "…";
  const after = from + quoted >= line.length ? "" : "…";
  return { text: `${before}${line.slice(from, from + quoted)}${after}`, at: at - from + before.length };
}
