import assert from "node:assert/strict";
import { appendFileSync, globSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import type { Verification } from "../../../src/control/versions/verify.ts";
import { CliProject } from "./cli-project.ts";

/** The one file of the current version of sales/revenue. */
function revenue(project: CliProject): string {
  const [file] = globSync("*/*.parquet", { cwd: project.path(".millrace/data/sales/revenue") });
  return join(project.path(".millrace/data/sales/revenue"), file ?? assert.fail("no file"));
}

const damages: Readonly<Record<string, (file: string) => void>> = {
  "is gone": (file) => rmSync(file),
  "was truncated": (file) => truncateSync(file, 300),
  "became longer": (file) => appendFileSync(file, "more"),
  "was emptied": (file) => writeFileSync(file, ""),
};

suite("bytes below a published version", { concurrency: 2 }, () => {
  for (const [what, damage] of Object.entries(damages)) {
    test(`a file that ${what} is found by who reads it, named, and never served as if it were fine (N2)`, async (t) => {
      const project = new CliProject(t);
      assert.equal((await project.run(["materialize", "*"])).code, 0);
      const whole = await project.run(["verify"]);
      assert.match(whole.stdout, /^● \d+ versions of snapshot 1: all as written\n$/);
      const server = project.start(["serve", "--port", "0"]);
      const [, url = ""] = await server.printed(/(http:\/\/127\.0\.0\.1:\d+)/);
      assert.equal((await fetch(`${url}/api/revenue`)).status, 200);

      damage(revenue(project));
      // The server had read the file before: what it has kept of it must not hide the damage.
      const answer = await fetch(`${url}/api/revenue`);
      assert.equal(answer.status, 500);
      assert.match(await answer.text(), /VERSION_CORRUPT|version_corrupt/i);
      const verified = await project.run(["verify", "sales/revenue", "--json"]);
      assert.equal(verified.code, 1, verified.stderr);
      const found = JSON.parse(verified.stdout) as Verification;
      assert.equal(found.damaged.length, 1);
      assert.equal(found.damaged[0]?.asset, "sales/revenue");
      assert.match(found.damaged[0]?.reason ?? "", /\.parquet/);

      // The same rows again: what is damaged is not kept for that (N4).
      assert.equal((await project.run(["materialize", "sales/revenue"])).code, 0);
      assert.equal((await project.run(["verify"])).code, 0);
      assert.equal((await fetch(`${url}/api/revenue`)).status, 200);
      server.kill("SIGTERM");
      await server.ended;
    });
  }

  test("a file with other content of the same length is found by reading all of it (N2)", async (t) => {
    const project = new CliProject(t);
    assert.equal((await project.run(["materialize", "*"])).code, 0);
    const file = revenue(project);
    const bytes = readFileSync(file);
    // Within the data, after the four letters that begin it.
    for (let at = 20; at < 60; at += 1) bytes[at] = (bytes[at] ?? 0) ^ 0xff;
    writeFileSync(file, bytes);
    const server = project.start(["serve", "--port", "0"]);
    const [, url = ""] = await server.printed(/(http:\/\/127\.0\.0\.1:\d+)/);
    const answer = await fetch(`${url}/api/revenue`);
    assert.equal(answer.status, 500);
    assert.match(await answer.text(), /VERSION_CORRUPT|version_corrupt/i);
    const { code, stdout, stderr } = await project.run(["verify"]);
    assert.equal(code, 1, stderr);
    assert.match(stdout, /^● sales\/revenue version [0-9a-f]{8}: .*\.parquet/);
    assert.match(stdout, /1 damaged/);
  });
});
