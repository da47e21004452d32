import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { suite, test } from "node:test";
import { runnableGuides } from "../../scripts/docs/runnable-guides.ts";
import { guideFiles, snippetModules } from "../../scripts/docs/snippet-modules.ts";

const pages = [
  "README.md",
  ...globSync("docs/**/*.md").filter((page) => !page.startsWith("docs/reference/")),
];
const read = (page: string): string => readFileSync(page, "utf8");

/** Compiles modules as they would stand in a project; gives tsc's complaints. */
function compile(name: string, modules: ReadonlyMap<string, string>): string {
  const folder = join("test/.tmp/docs", name);
  rmSync(folder, { recursive: true, force: true });
  const options = {
    // As the guide has it: stricter rules are this repository's, not a reader's.
    extends: "millrace/tsconfig.json",
    include: ["."],
  };
  for (const [file, text] of [...modules, ["tsconfig.json", JSON.stringify(options)] as const]) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  return spawnSync("node_modules/.bin/tsc", ["-p", folder], { encoding: "utf8" }).stdout;
}

suite("TypeScript on the pages", () => {
  test("compiles, over the project of the guides", () => {
    const modules = new Map(guideFiles(runnableGuides.map(read)));
    for (const page of pages) {
      const name = page.replaceAll("/", "-").replace(/\.md$/, "");
      if (runnableGuides.includes(page)) continue;
      for (const [file, text] of snippetModules(read(page), name)) modules.set(file, text);
    }
    assert.ok([...modules.keys()].some((file) => file.startsWith("docs-concepts-")));
    assert.equal(compile("pages", modules), "");
  });

  test("is refused where it is wrong", () => {
    const page = '```ts\nimport { sql } from "millrace";\nexport const n: number = sql`select 1`;\n```\n';
    assert.match(compile("wrong", snippetModules(page, "page")), /page\.ts\(\d+,\d+\): error TS2322/);
  });
});
