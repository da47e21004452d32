/** A member's name, or the place in a list. */
export type ConfigSegment = string | number;
export type ConfigPath = readonly ConfigSegment[];

const bareName = /^[^\s.[\]="]+$/;

/** A path as people write it: `assets.sales/daily.pages[0]`, with names that have other characters as `["a.b"]`. */
export function printConfigPath(path: ConfigPath): string {
  return path.reduce<string>((before, segment) => {
    if (typeof segment === "number") return `${before}[${segment}]`;
    if (!bareName.test(segment)) return `${before}[${JSON.stringify(segment)}]`;
    return before === "" ? segment : `${before}.${segment}`;
  }, "");
}

/** A path below another that is printed already. */
export function below(where: string, path: ConfigPath): string {
  const rest = printConfigPath(path);
  return where === "" || rest === "" || rest.startsWith("[") ? where + rest : `${where}.${rest}`;
}

/** What was understood of a text, and where it went on; or why it was not. */
export type PathRead = { readonly path: ConfigPath; readonly end: number } | { readonly reason: string };

const step = /(?<dot>\.?)(?<name>[^\s.[\]="]+)|\[(?:(?<index>\d{1,9})|(?<quoted>"(?:[^"\\]|\\.)*"))\]/y;

/** Reads a path at the beginning of a text, up to its end or to the first `=` outside quotes. */
export function readConfigPath(text: string): PathRead {
  const path: ConfigSegment[] = [];
  let end = 0;
  while (end < text.length && text[end] !== "=") {
    step.lastIndex = end;
    const found = step.exec(text);
    const segment = found === null ? undefined : segmentOf(found);
    const dot = found?.groups?.["dot"];
    // Names are divided by dots, and only by them.
    if (segment === undefined || (dot !== undefined && (dot === ".") === (path.length === 0)))
      return {
        reason: `«${beforeValue(text)}» is no path at character ${end + 1}; write it like assets.flights.pages or list[0]`,
      };
    path.push(segment);
    end = step.lastIndex;
  }
  return path.length === 0 ? { reason: "there is no path before the =" } : { path, end };
}

/** The value that follows may be a secret. */
function beforeValue(text: string): string {
  return text.slice(0, text.includes("=") ? text.indexOf("=") : undefined);
}

function segmentOf({ groups }: RegExpExecArray): ConfigSegment | undefined {
  if (groups?.["name"] !== undefined) return groups["name"];
  if (groups?.["index"] !== undefined) return Number(groups["index"]);
  try {
    return JSON.parse(groups?.["quoted"] ?? "") as string;
  } catch {
    return undefined;
  }
}
