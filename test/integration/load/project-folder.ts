import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { TestContext } from "node:test";

/** Files by their path. Inside the repository, so that "millrace" and "zod" resolve as they do for a user. */
export function projectFolder(
  t: TestContext,
  files: Readonly<Record<string, string>>,
  name = "project",
): string {
  const temporary = resolve(import.meta.dirname, "../../.tmp");
  mkdirSync(temporary, { recursive: true });
  const directory = mkdtempSync(join(temporary, `${name}-`));
  t.after(() => rmSync(directory, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  return directory;
}

/** A config over the modules named. */
export function configOf(...modules: readonly string[]): string {
  return `import { defineProject } from "millrace";
${modules.map((module, index) => `import * as m${index} from ${JSON.stringify(module)};`).join("\n")}
export default defineProject({ name: "test", definitions: [${modules.map((_, index) => `m${index}`).join(", ")}] });
`;
}
