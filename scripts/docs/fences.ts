/** One fenced block of a Markdown page. */
export interface Fence {
  /** First word after the backticks: `ts`, `sh`, `text`. */
  readonly language: string;
  /** What follows it: `title="a.ts"` and `exit=1` as pairs, `server` as a name without a value. */
  readonly options: ReadonlyMap<string, string>;
  readonly text: string;
  /** Of its opening line, from 1. */
  readonly line: number;
}

/** A comment that readers do not see, alone on its line: `<!-- stop -->`. */
export interface Directive {
  readonly directive: string;
  readonly line: number;
}

/**
 * The fenced blocks and directives of a page, from top to bottom. Indented fences are refused: they would be read by
 * people and passed over here.
 */
export function readFences(markdown: string): readonly (Fence | Directive)[] {
  const found: (Fence | Directive)[] = [];
  let open:
    | { readonly ticks: string; readonly info: string; readonly line: number; text: string }
    | undefined;
  for (const [index, line] of markdown.split("\n").entries()) {
    if (open === undefined) {
      const [, indent = "", ticks, info = ""] = /^(\s*)(`{3,})(.*)$/.exec(line) ?? [];
      if (ticks !== undefined && indent !== "")
        throw new Error(`line ${index + 1}: a fence must not be indented`);
      if (ticks !== undefined) open = { ticks, info: info.trim(), line: index + 1, text: "" };
      const [, directive] = /^<!-- ([a-z]+) -->$/.exec(line) ?? [];
      if (directive !== undefined) found.push({ directive, line: index + 1 });
    } else if (line === open.ticks) {
      found.push({ ...readInfo(open.info), text: open.text, line: open.line });
      open = undefined;
    } else {
      open.text += `${line}\n`;
    }
  }
  if (open !== undefined) throw new Error(`line ${open.line}: this fence is never closed`);
  return found;
}

export function isFence(found: Fence | Directive): found is Fence {
  return "language" in found;
}

function readInfo(info: string): Pick<Fence, "language" | "options"> {
  const [language = "", ...rest] = info.match(/[^\s"]+(?:"[^"]*")?/g) ?? [];
  const options = rest.map((option): [string, string] => {
    const [name = "", value = ""] = option.split("=");
    return [name, value.replaceAll('"', "")];
  });
  return { language, options: new Map(options) };
}
