import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { after, suite, test } from "node:test";
import { isFence, readFences } from "../../scripts/docs/fences.ts";
import { guideSteps, type GuideStep } from "../../scripts/docs/guide-steps.ts";
import { runnableGuides } from "../../scripts/docs/runnable-guides.ts";
import { snippetModules } from "../../scripts/docs/snippet-modules.ts";
import { CommandFailed, GuideRun } from "./guide-run.ts";

const read = (page: string): string => readFileSync(page, "utf8");

// One folder for all: each guide goes on from where the one before it ends.
suite("in an empty folder, with the packed package", () => {
  const run = new GuideRun();
  after(async () => run[Symbol.asyncDispose]());

  test("the guides print what they show", { timeout: 240_000 }, async () => {
    // All differences at once: whoever changes what a command prints mends the pages in one go.
    const differences: string[] = [];
    for (const guide of runnableGuides) {
      if (!(await follow(guide, guideSteps(read(guide)), run, differences))) break;
    }
    if (differences.length > 0) throw new Error(differences.join("\n\n"));
  });

  test("the examples of the concepts can be materialized", { timeout: 60_000 }, async () => {
    const differences: string[] = [];
    await follow("docs/concepts", conceptSteps(), run, differences);
    if (differences.length > 0) throw new Error(differences.join("\n\n"));
  });
});

/** False when a command failed, after which nothing makes sense any more. */
async function follow(
  page: string,
  steps: readonly GuideStep[],
  run: GuideRun,
  differences: string[],
): Promise<boolean> {
  for (const step of steps) {
    try {
      await run.follow(step);
    } catch (error) {
      const command = "command" in step ? `${step.command.trim()}\n` : "";
      const reason = error instanceof Error ? error.message : String(error);
      differences.push(`${page}:${step.line}\n${command}${reason}`);
      if (error instanceof CommandFailed) return false;
    }
  }
  await run.follow({ step: "stop", line: 0 });
  return true;
}

/** The examples of all pages as one project, on top of that of the guides. */
function conceptSteps(): readonly GuideStep[] {
  const write = (file: string, text: string): GuideStep => ({ step: "write", file, text, line: 0 });
  const names = globSync("docs/concepts/*.md").map((page) => basename(page, ".md"));
  const modules = names.flatMap((name) =>
    [...snippetModules(read(`docs/concepts/${name}.md`), name)].filter(([file]) => file === `${name}.ts`),
  );
  const base = ["assets/orders", "assets/sales"];
  const imports = [...base, ...modules.map(([file]) => file.replace(/\.ts$/, ""))];
  const resourcePage = `m${imports.indexOf("resource")}`;
  const warehouse = `${resourcePage}.warehouse.with({ url: "https://books.example", password: "stands in" })`;
  const config = [
    'import { defineProject } from "millrace";',
    ...imports.map((path, index) => `import * as m${index} from "./${path}.ts";`),
    `export default defineProject({ name: "concepts", definitions: [${imports.map((_, index) => `m${index}`).join(", ")}], resources: [${warehouse}] });`,
  ];
  return [
    ...modules.map(([file, text]) => write(file, text)),
    write("millrace.config.ts", `${config.join("\n")}\n`),
    { step: "run", command: "npx millrace materialize '*'", exitCode: 0, line: 0 },
    {
      step: "run",
      command: "npx millrace show models/late | sed -n '/^metadata$/,$p'",
      output: shownMetadata(),
      exitCode: 0,
      line: 0,
    },
    { step: "serve", command: "npx millrace serve", line: 0 },
    {
      step: "run",
      command: "curl 'localhost:4000/api/best-days?limit=1'",
      output: bestDay,
      exitCode: 0,
      line: 0,
    },
  ];
}

/** What the page on assets says that is printed of its example. */
function shownMetadata(): string {
  const [shown] = readFences(read("docs/concepts/asset.md")).filter(
    (found) => isFence(found) && found.text.startsWith("metadata\n"),
  );
  return shown !== undefined && isFence(shown) ? shown.text : assert.fail("the page shows no metadata");
}

const bestDay = '[{"day":"2025-02-14","shop":"north","orders":1,"revenue":900}]';
