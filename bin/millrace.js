#!/usr/bin/env node
// Plain JavaScript that old versions of Node can parse as well, so that they can say what is wrong.
import fs from "node:fs";
import module from "node:module";

const needed = 24;

async function start() {
  // DuckDB and file reads share libuv's pool: with its default of 4 threads, four slow queries stop the process.
  // The pool starts with its first task, so this has to come before anything is loaded asynchronously.
  if (!process.env.UV_THREADPOOL_SIZE) process.env.UV_THREADPOOL_SIZE = "16";
  module.enableCompileCache();
  const source = new URL("../src/cli/main.ts", import.meta.url);
  const main = fs.existsSync(source) ? source : new URL("../cli/main.js", import.meta.url);
  const cli = await import(main.href);
  process.exitCode = await cli.main(process.argv.slice(2));
}

if (Number(process.versions.node.split(".")[0]) < needed) {
  console.error(
    `millrace needs Node ${needed} or newer; this is Node ${process.versions.node} (${process.execPath}).`,
  );
  console.error(
    `Run "npm install --save-dev node@${needed}": npm scripts then use that one. Or get it from nodejs.org.`,
  );
  process.exitCode = 1;
} else {
  void start();
}
