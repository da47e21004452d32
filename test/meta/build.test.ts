import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { startJavaScript } from "../../scripts/build/start-javascript.ts";

test("a process is started from JavaScript in the built package", () => {
  assert.equal(
    startJavaScript('fork(new URL("../engine/worker.ts", import.meta.url), ["./user.ts"]);'),
    'fork(new URL("../engine/worker.js", import.meta.url), ["./user.ts"]);',
  );
});

test("the package that is published runs without type stripping", () => {
  execFileSync(process.execPath, ["scripts/build.ts"], { encoding: "utf8" });
  const { exports } = JSON.parse(readFileSync("dist/package.json", "utf8")) as {
    exports: Record<string, { types: string; default: string } | string>;
  };
  for (const entry of Object.values(exports)) {
    if (typeof entry === "string") continue;
    assert.ok(existsSync(join("dist", entry.types)), entry.types);
    const script = `await import(${JSON.stringify(join(process.cwd(), "dist", entry.default))})`;
    execFileSync(process.execPath, ["--no-strip-types", "--input-type=module", "--eval", script], {
      encoding: "utf8",
    });
  }
});

test("the thread that keeps leases runs from the built package (N35)", () => {
  const watch = join(process.cwd(), "dist/app/watch/watch-from-thread.js");
  // Opened by the thread, from the JavaScript beside it: there is no such state, so it gives the lease up.
  const script = `
    const { watchFromThread } = await import(${JSON.stringify(watch)});
    const instead = { over() { throw new Error("the thread has ended"); } };
    const runs = { renew: () => Promise.reject(new Error("the thread has said so")) };
    const watch = watchFromThread({ kind: "sqlite", path: "/no/such/folder/state.db" }, runs, instead);
    const lost = await new Promise((onLost) => {
      const scope = { projectId: 1, environmentId: 1, environment: "main" };
      watch.over({ scope, lease: { runId: "r", token: 1, snapshot: 0 }, leaseMs: 300, onLost });
      setTimeout(() => onLost({ cause: "not within 20 s" }), 20_000);
    });
    console.log(String(lost.cause));
    await watch.close();
    process.exit();`;
  const answer = execFileSync(
    process.execPath,
    ["--no-strip-types", "--input-type=module", "--eval", script],
    { encoding: "utf8" },
  );
  assert.match(answer, /the thread has said so/);
});

test("a project extends the settings in the packed package, and they keep it to what Node can run", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "millrace-preset-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const modules = join(folder, "node_modules");
  mkdirSync(modules);
  installPacked(modules);
  symlinkSync(join(process.cwd(), "node_modules/@types"), join(modules, "@types"));
  const files = {
    "package.json": { type: "module" },
    "tsconfig.json": { extends: "millrace/tsconfig.json", include: ["*.ts"] },
  };
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(folder, name), JSON.stringify(content));
  const compile = (text: string): string => {
    writeFileSync(join(folder, "a.ts"), text);
    return spawnSync("node_modules/.bin/tsc", ["-p", folder], { encoding: "utf8" }).stdout;
  };
  assert.equal(compile('import { sep } from "node:path";\nexport const a: string = sep;\n'), "");
  assert.match(compile("export enum A { B }\n"), /error TS1294/);
  assert.match(compile("export const a = (all: string[]): string => all[0];\n"), /error TS2322/);
  // Left off: with it the complaints about schemas cannot be read.
  assert.equal(compile("export const a: { b?: string } = { b: undefined };\n"), "");
});

test("the test kit works in Vitest, from the packed package", { timeout: 180_000 }, (t) => {
  // Kept from one time to the next. In the repository, so that the package finds what it depends on.
  const folder = join(process.cwd(), ".tmp/vitest");
  const failure = installVitest(folder);
  if (failure !== undefined) {
    t.skip(`Vitest could not be installed: ${failure}`);
    return;
  }
  installPacked(join(folder, "node_modules"));
  for (const file of ["fan-out.ts", "counters.ts"]) cpSync(join("examples/ops", file), join(folder, file));
  writeFileSync(
    join(folder, "kit.test.ts"),
    `
    import { expect, test } from "vitest";
    import { asset, endpoint, sql } from "millrace";
    import { callEndpoint, callOp, fakeClock, given, instead, materialize, runJob } from "millrace/testing";
    import * as z from "zod";
    import { counters } from "./counters.ts";
    import { doItem, fanOut, listItems } from "./fan-out.ts";

    const raw = asset("raw", { columns: z.object({ n: z.int() }), sql: sql\`select 1 as n\` });
    const twice = asset("twice", { columns: z.object({ n: z.int() }), sql: sql\`select 2 * n as n from \${raw}\` });
    const getTwice = endpoint("GET /twice", {
      reads: { twice }, returns: z.array(z.object({ n: z.int() })), handler: ({ twice }) => twice.rows(),
    });

    test("jobs and ops", async () => {
      const clock = fakeClock("2025-01-01");
      const resources = [instead(counters, { count: async () => undefined })];
      await using run = await runJob(fanOut, { config: { items: 4 }, now: clock, resources });
      run.assertSucceeded();
      expect(run.output).toBe(6);
      expect(await run.gave(listItems)).toEqual([[0, 1, 2, 3]]);
      await using call = await callOp(doItem, { input: { item: 3 }, resources });
      expect(call.output).toBe(3);
    });

    test("a run that failed is a plain error", async () => {
      const gone = () => { throw new Error("gone"); };
      await using run = await runJob(fanOut, { config: { items: 2 }, ops: [instead(doItem, gone)] });
      expect(() => run.assertSucceeded()).toThrow(/do_item\\[0\\] failed: gone/);
    });

    test("assets and endpoints", async () => {
      await using run = await materialize([twice], { given: [given(raw, [{ n: 4 }])] });
      expect(await run.rows(twice)).toEqual([{ n: 8 }]);
      expect((await callEndpoint(getTwice)).body).toEqual([{ n: 2 }]);
    });
    `,
  );
  const vitest = join(folder, "node_modules/vitest/vitest.mjs");
  const { status, stdout, stderr } = spawnSync(process.execPath, [vitest, "run", "--root", folder], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
  });
  assert.equal(status, 0, stdout + stderr);
  assert.match(stdout, /Tests {2}3 passed/);
});

/** Puts the package as it is published, built before, among these modules. */
function installPacked(modules: string): void {
  const folder = mkdtempSync(join(tmpdir(), "millrace-packed-"));
  try {
    execFileSync("npm", ["pack", join(process.cwd(), "dist"), "--pack-destination", folder], {
      stdio: "ignore",
    });
    execFileSync("tar", ["-xzf", "millrace-0.1.0.tgz", "-C", folder], { cwd: folder });
    rmSync(join(modules, "millrace"), { recursive: true, force: true });
    cpSync(join(folder, "package"), join(modules, "millrace"), { recursive: true });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Unless it is there. Gives why it could not be: this machine may reach no registry. */
function installVitest(folder: string): string | undefined {
  if (existsSync(join(folder, "node_modules/vitest/vitest.mjs"))) return undefined;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  const { status, error, stderr } = spawnSync(
    "npm",
    ["install", "vitest@5", "--no-audit", "--no-fund", "--loglevel=error", "--fetch-retries=0"],
    { cwd: folder, encoding: "utf8", timeout: 60_000 },
  );
  if (status === 0) return undefined;
  rmSync(folder, { recursive: true, force: true });
  return error?.message ?? stderr;
}
