/** Long text is cut where only a line is to spare; `--json` has all of it. */
export function cut(text: string, longest = 60): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}
