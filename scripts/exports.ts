/**
 * The names that users can import, which are what we promise to keep. `npm run exports:update` writes them to
 * test/meta/exports.txt after an intended change; a test compares the two, so that none slips in or out unseen.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { parseSync } from "oxc-parser";

export const snapshotFile = new URL("../test/meta/exports.txt", import.meta.url);

const entries = {
  millrace: "../src/index.ts",
  "millrace/testing": "../src/testing/index.ts",
  "millrace/lint": "../src/lint/index.ts",
};

export function describeExports(): string {
  return Object.entries(entries)
    .map(([name, path]) => {
      const url = new URL(path, import.meta.url);
      return [
        name,
        ...exportedNames(url.pathname, readFileSync(url, "utf8")).map((line) => `  ${line}`),
        "",
      ].join("\n");
    })
    .join("\n");
}

/** Read from the text: types are exports as well, and an entry holds little but named re-exports. */
export function exportedNames(file: string, source: string): string[] {
  const found = parseSync(file, source).module.staticExports.flatMap((statement) => statement.entries);
  return found
    .map((item) => {
      const { name } = item.exportName;
      const kind: string = item.exportName.kind;
      // Linters take a plugin as the default of its module.
      if (kind === "Default") return "default";
      if (name === null) throw new Error(`${file}: export names one by one, not with export *`);
      return item.isType ? `type ${name}` : name;
    })
    .sort();
}

if (import.meta.main && process.argv.includes("--write")) writeFileSync(snapshotFile, describeExports());
