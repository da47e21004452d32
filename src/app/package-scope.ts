import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The package.json by which Node tells what kind of module a file is: the nearest one. */
export function packageScope(file: string): { readonly file?: string; readonly type?: unknown } {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const found = readPackage(join(folder, "package.json"));
    if (found !== undefined) return found;
    if (dirname(folder) === folder) return {};
  }
}

function readPackage(file: string): { readonly file: string; readonly type?: unknown } | undefined {
  try {
    const content: unknown = JSON.parse(readFileSync(file, "utf8"));
    const type = typeof content === "object" && content !== null && "type" in content ? content.type : "";
    return { file, type };
  } catch {
    return undefined;
  }
}
