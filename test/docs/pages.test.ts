import assert from "node:assert/strict";
import { existsSync, globSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, posix, relative } from "node:path";
import { suite, test } from "node:test";

const pages = globSync(["*.md", "docs/**/*.md", "examples/*/README.md"]);

/** A page without what is no prose: fences and code. */
function prose(page: string): string {
  return readFileSync(page, "utf8")
    .replaceAll(/^```[\s\S]*?^```$/gm, "")
    .replaceAll(/`[^`\n]*`/g, "");
}

/** The anchor that a heading gets on GitHub. */
function anchor(heading: string): string {
  const text = heading.toLowerCase().replaceAll(/[`*_]|\[([^\]]*)\]\([^)]*\)/g, "$1");
  return text.replaceAll(/[^\p{L}\p{N} -]/gu, "").replaceAll(" ", "-");
}

function anchors(page: string): readonly string[] {
  const text = readFileSync(page, "utf8").replaceAll(/^```[\s\S]*?^```$/gm, "");
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => anchor(heading));
}

suite("the pages", () => {
  test("link to files and headings that are there", () => {
    const broken = pages.flatMap((page) =>
      [...prose(page).matchAll(/\]\(([^)\s]+)\)|(?:src|srcset|href)="([^"]+)"/g)]
        .map(([, link, attribute]) => link ?? attribute ?? "")
        .filter((link) => !/^[a-z]+:/.test(link))
        .filter((link) => {
          const [path = "", heading] = link.split("#");
          const target = path === "" ? page : posix.join(dirname(page), path);
          return !existsSync(target) || (heading !== undefined && !anchors(target).includes(heading));
        })
        .map((link) => `${page}: ${link}`),
    );
    assert.deepEqual(broken, []);
  });

  test("are all in the index", () => {
    const index = readFileSync("docs/README.md", "utf8");
    const missing = globSync("docs/**/*.md")
      .filter((page) => page !== "docs/README.md")
      .filter((page) => !index.includes(`(${relative("docs", page)})`));
    assert.deepEqual(missing, []);
  });
});

suite("ARCHITECTURE.md", () => {
  const text = readFileSync("ARCHITECTURE.md", "utf8");
  /** Paths of the tree: two blanks more are one level down, a folder ends in a slash. */
  const tree = (): readonly string[] => {
    const [, drawn = ""] = /```text\n(src\/\n[\s\S]*?)```/.exec(text) ?? [];
    const open: string[] = [];
    return drawn
      .trimEnd()
      .split("\n")
      .map((line) => {
        const [, indent = "", name = ""] = /^( *)(\S+)/.exec(line) ?? [];
        open.length = indent.length / 2;
        const path = join(...open, name);
        open.push(name);
        return path;
      });
  };

  test("draws nothing that is not there", () => {
    assert.deepEqual(
      tree().filter((path) => !existsSync(path)),
      [],
    );
  });

  test("draws every folder of src, and those within core", () => {
    const drawn = new Set(tree().map((path) => path.replace(/\/$/, "")));
    const folders = ["src", "src/core"].flatMap((folder) =>
      readdirSync(folder)
        .map((name) => join(folder, name))
        .filter((path) => statSync(path).isDirectory()),
    );
    assert.deepEqual(
      folders.filter((folder) => !drawn.has(folder)),
      [],
    );
  });

  test("fits on one page", () => {
    assert.ok(text.split("\n").length <= 150);
  });
});
