/**
 * What differs between two times that a command is run, and is none of the page's business: durations, ids, instants,
 * sizes, how wide a column of a table is, and in which order steps that run at the same time end.
 */
export function normalizeOutput(text: string): string {
  const lines = text
    // oxlint-disable-next-line no-control-regex -- colours
    .replaceAll(/\u001B\[[0-9;]*m|\r/g, "")
    .replaceAll(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, "<uuid>")
    .replaceAll(/"([bd])-[\w-]{27}(-csv)?"/g, '"$1-<hash>$2"')
    .replaceAll(/\bsum128:[0-9a-f]{32}\b/g, "<data version>")
    .replaceAll(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, "<instant>")
    .replaceAll(/\b[0-9a-f]{8}-[0-9a-z]+\b/g, "<request>")
    .replaceAll(/\b[0-9a-f]{12}\b/g, "<code>")
    .replaceAll(/\b(?=\d*[a-f])[0-9a-f]{8}\b|\b\d{8}\b/g, "<id>")
    .replaceAll(/\b\d+(\.\d+)? (ms|s|min|h)( \d+ s)? ago\b|\bjust now\b/g, "<ago>")
    .replaceAll(/\b\d+(\.\d+)? (ms|s|min)\b( \d+ s)?/g, "<time>")
    .replaceAll(/\b\d+(\.\d+)? k?B\b/g, "<size>")
    .replaceAll(/^(Millrace-Age|Content-Length): \d+$/gim, "$1: <n>")
    .replaceAll(/\(\d+\.\d+ms\)|^(ℹ duration_ms) .*$/gm, "$1 <time>")
    .replaceAll(/ {2,}/g, "  ")
    .replaceAll(/[ \t]+$/gm, "")
    .trim()
    .split("\n");
  return sortSteps(lines).join("\n");
}

/** `[1/4] ✓ orders[2025-01]  5 rows`, `[2/4] …`: which of them comes first is chance. */
function sortSteps(lines: readonly string[]): readonly string[] {
  const sorted: string[] = [];
  let group: string[] = [];
  for (const line of [...lines, ""]) {
    const step = /^\[ *\d+(\/\d+\] .*)$/.exec(line)?.[1];
    if (step !== undefined) {
      group.push(`[<n>${step}`);
      continue;
    }
    sorted.push(...group.sort(), line);
    group = [];
  }
  return sorted.slice(0, -1);
}

/**
 * Does a command print what a page shows? A line of the page that is only `…` stands for any lines or none, and `…`
 * within a line for any text.
 */
export function printsAs(shown: string, printed: string): boolean {
  const pattern = normalizeOutput(shown)
    .split("\n")
    .map((line) => (line === "…" ? "(?:.*\n)*?" : `${line.split("…").map(escape).join(".*")}\n`))
    .join("");
  return new RegExp(`^${pattern}$`).test(`${normalizeOutput(printed)}\n`);
}

function escape(text: string): string {
  return text.replaceAll(/[-/\\^$*+?.()|[\]{}]/g, "\\$&");
}
