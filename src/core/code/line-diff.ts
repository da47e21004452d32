/** A line that both texts have, or one of them. */
export interface DiffLine {
  readonly side: "both" | "before" | "after";
  readonly text: string;
}

/** Above so many lines on both sides together, what lies between common beginning and end is shown as replaced. */
const exactUpTo = 4_000;

/** The differing lines of two texts, with up to `context` equal lines around each; "…" stands for what is left out. */
export function lineDiff(before: string, after: string, context = 2): readonly DiffLine[] {
  return shorten(compareLines(before.split("\n"), after.split("\n")), context);
}

/** All lines of both texts, in order: equal ones once. */
export function compareLines(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  const room = Math.min(before.length, after.length) - start;
  while (end < room && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  const [from, to] = [before.slice(start, before.length - end), after.slice(start, after.length - end)];
  return [
    ...before.slice(0, start).map((text) => ({ side: "both" as const, text })),
    ...(from.length + to.length > exactUpTo ? replaced(from, to) : compareMiddle(from, to)),
    ...before.slice(before.length - end).map((text) => ({ side: "both" as const, text })),
  ];
}

function replaced(from: readonly string[], to: readonly string[]): readonly DiffLine[] {
  return [
    ...from.map((text) => ({ side: "before" as const, text })),
    ...to.map((text) => ({ side: "after" as const, text })),
  ];
}

/** By the longest common subsequence: `longest` holds its length for each pair of suffixes. */
function compareMiddle(from: readonly string[], to: readonly string[]): readonly DiffLine[] {
  const width = to.length + 1;
  const longest = new Uint16Array((from.length + 1) * width);
  const at = (i: number, j: number): number => longest[i * width + j] ?? 0;
  for (let i = from.length - 1; i >= 0; i -= 1) {
    for (let j = to.length - 1; j >= 0; j -= 1) {
      longest[i * width + j] =
        from[i] === to[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < from.length && j < to.length) {
    if (from[i] === to[j]) {
      lines.push({ side: "both", text: from[i] ?? "" });
      i += 1;
      j += 1;
    } else if (at(i + 1, j) >= at(i, j + 1)) {
      lines.push({ side: "before", text: from[i] ?? "" });
      i += 1;
    } else {
      lines.push({ side: "after", text: to[j] ?? "" });
      j += 1;
    }
  }
  return [...lines, ...replaced(from.slice(i), to.slice(j))];
}

function shorten(lines: readonly DiffLine[], context: number): readonly DiffLine[] {
  const near = new Set<number>();
  for (const [index, { side }] of lines.entries()) {
    if (side === "both") continue;
    for (let i = index - context; i <= index + context; i += 1) near.add(i);
  }
  if (near.size === 0) return [];
  return lines.flatMap((line, index): DiffLine[] => {
    if (near.has(index)) return [line];
    const first = index === 0 || near.has(index - 1);
    return first ? [{ side: "both", text: "…" }] : [];
  });
}
