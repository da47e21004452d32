import { globSync } from "node:fs";

export interface TestFiles {
  readonly unit: readonly string[];
  readonly integration: readonly string[];
}

/** Test files below the given paths (a file or a folder each), or all. */
export function findTestFiles(paths: readonly string[]): TestFiles {
  const wanted = paths.map((path) => path.replace(/^\.\//, "").replace(/\/$/, ""));
  const select = (pattern: string) =>
    globSync(pattern, { exclude: ["**/node_modules/**", "test/types/**"] })
      .filter(
        (file) => wanted.length === 0 || wanted.some((path) => file === path || file.startsWith(`${path}/`)),
      )
      .sort();
  return { unit: select("src/**/*.test.ts"), integration: select("{test,examples}/**/*.test.ts") };
}
