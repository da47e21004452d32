import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Command } from "commander";
import { examplesOf } from "./examples.ts";
import { createProgram } from "./program.ts";

function all(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(all)];
}

/** A line as a shell divides it: words, quotes taken off, assignments in front passed over. */
function words(line: string): readonly string[] {
  const found = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
  return found.slice(found.indexOf("millrace") + 1);
}

suite("help", () => {
  const leaves = all(createProgram(() => undefined)).filter((command) => command.commands.length === 0);

  for (const leaf of leaves) {
    test(`${leaf.name()} has a summary, a description and examples`, () => {
      assert.notEqual(leaf.summary(), "");
      assert.notEqual(leaf.description(), "");
      assert.notEqual(examplesOf(leaf).length, 0);
    });
  }

  for (const { line } of all(createProgram(() => undefined)).flatMap(examplesOf)) {
    test(`the example «${line}» is understood`, async () => {
      let called = 0;
      const program = createProgram(() => undefined);
      for (const command of all(program)) {
        command.configureOutput({ writeOut: () => undefined });
        if (command.commands.length > 0) continue;
        command.action(() => {
          called += 1;
        });
      }
      if (line.includes("--help")) {
        await assert.rejects(program.parseAsync(words(line), { from: "user" }), {
          code: "commander.helpDisplayed",
        });
      } else {
        await program.parseAsync(words(line), { from: "user" });
        assert.equal(called, 1);
      }
    });
  }
});
