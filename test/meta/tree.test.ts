import assert from "node:assert/strict";
import { globSync } from "node:fs";
import { basename } from "node:path";
import { test } from "node:test";

const sources = globSync(["{src,test,scripts,bench,examples,ui}/**/*.{ts,tsx}", "layers.ts"], {
  exclude: ["**/node_modules/**", "**/dist/**", "**/.millrace/**"],
});

test("files and folders are named in kebab case", () => {
  const segment = /^[a-z0-9]+(-[a-z0-9]+)*$/;
  const named = (path: string) => path.replace(/(\.test|\.config|\.d)?\.tsx?$/, "").split("/");
  const wrong = sources.filter((path) => !named(path).every((part) => segment.test(part)));
  assert.deepEqual(wrong, []);
});

test("no file or folder is a drawer: each is named after what it holds", () => {
  const drawers = new Set([
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "shared",
    "misc",
    "lib",
    "types",
    "interfaces",
  ]);
  const isDrawer = (path: string) => {
    const folders = path.split("/").slice(0, -1);
    // test/types is no drawer of types: it holds the tests of the types.
    return (
      drawers.has(basename(path).replace(/\.tsx?$/, "")) ||
      folders.some((folder, depth) => drawers.has(folder) && !(depth === 1 && path.startsWith("test/types/")))
    );
  };
  assert.deepEqual(sources.filter(isDrawer), []);
});
