import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { test } from "node:test";

/** A program that tsc has to refuse: `// @ts-expect-error what it says «text of tsc's message»`, above the place. */
const directive = /^\s*(?:\{\s*\/\*|\/\/) @ts-expect-error(?<what>[^«\n]*)(?:«(?<text>.*)»)?/;

interface WrongProgram {
  readonly file: string;
  readonly line: number;
  readonly what: string;
  readonly text: string | undefined;
}

// `@ts-expect-error` is content with any error at all. Here the directives are taken away, and each place has to show
// the sentence that it quotes: so a program is refused for the reason meant, and in words that help.
test("tsc refuses each wrong program at the place and in the words that its test names", () => {
  const directory = mkdtempSync(join(temporary(), "type-messages-"));
  try {
    const wrong = copyWithoutDirectives(directory);
    assert.ok(wrong.length > 80, `only ${wrong.length} wrong programs found`);
    const found = diagnose(directory);
    const claimed = new Set(wrong.map(({ file, line }) => `${file}:${line}`));
    const problems = wrong.flatMap(({ file, line, what, text }) => {
      const place = `${file}:${line} ${what.trim()}`;
      if (text === undefined) return [`${place}: quote a part of the message as «…»`];
      const message = found.get(`${file}:${line}`) ?? "(no error)";
      return message.includes(text) ? [] : [`${place}: expected «${text}»\n${message}`];
    });
    const others = [...found]
      .filter(([place]) => !claimed.has(place))
      .map(([place, text]) => `${place}: ${text}`);
    assert.equal([...problems, ...others].join("\n\n"), "");
  } finally {
    rmSync(directory, { recursive: true });
  }
});

function temporary(): string {
  mkdirSync("test/.tmp", { recursive: true });
  return "test/.tmp";
}

function copyWithoutDirectives(directory: string): readonly WrongProgram[] {
  const wrong: WrongProgram[] = [];
  for (const path of globSync("test/types/*.ts")) {
    const file = basename(path);
    const lines = readFileSync(path, "utf8")
      .split("\n")
      .map((line, index) => {
        const match = directive.exec(line);
        if (match === null) return line;
        // The line below is the one meant: directives are numbered from 0, tsc's lines from 1.
        wrong.push({
          file,
          line: index + 2,
          what: match.groups?.["what"] ?? "",
          text: match.groups?.["text"],
        });
        return "";
      });
    writeFileSync(join(directory, file), lines.join("\n"));
  }
  const config = { extends: resolve("tsconfig.json"), include: [resolve(directory)], exclude: [] };
  writeFileSync(join(directory, "tsconfig.json"), JSON.stringify(config));
  return wrong;
}

/** What tsc says of the files in a folder, by file and line, with all the lines that explain it. */
function diagnose(directory: string): ReadonlyMap<string, string> {
  const options = ["-p", directory, "--pretty", "false"];
  const { stdout } = spawnSync("node_modules/.bin/tsc", options, { encoding: "utf8" });
  const found = new Map<string, string>();
  let place: string | undefined;
  for (const line of stdout.split("\n")) {
    const { path, number, text } =
      /^(?<path>[^(]+)\((?<number>\d+),\d+\): (?<text>.*)$/.exec(line)?.groups ?? {};
    // The sources, which belong to the program too, are another test's business.
    if (path !== undefined) place = dirname(path) === directory ? `${basename(path)}:${number}` : undefined;
    if (place === undefined) continue;
    const before = found.get(place);
    found.set(place, before === undefined ? (text ?? line) : `${before}\n${text ?? line}`);
  }
  return found;
}
