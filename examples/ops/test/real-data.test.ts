import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import * as z from "zod";
import { departures } from "./departures.ts";
import { OpsProject } from "./ops-project.ts";

const patience = { timeout: 180_000 };
const { scripts } = z
  .object({ scripts: z.object({ report: z.string() }) })
  .parse(JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")));
/** What `npm run report` starts. */
const report = scripts.report.split(" ").slice(1);

test(
  "the report tells of real airports what is in the file, counted a second time by other means",
  patience,
  async () => {
    using project = new OpsProject();
    const [{ code, stderr, stdout }, counts] = await Promise.all([
      project.start(...report, "--set", "config.airports=300", "--set", "config.atLeast=1", "--json").ended,
      departures(),
    ]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /airports\.md/);
    const text = readFileSync(join(project.folder, "reports", "airports.md"), "utf8");
    const expected = [...counts].map(([key, { flights, delay, late }]) => {
      const [airport = "", month] = key.split(" ");
      const mean = `${(delay / flights).toFixed(1)} min`;
      return `${airport} | ${month} | ${flights} | ${mean} | ${((late / flights) * 100).toFixed(1)} % |`;
    });
    const told = text.split("\n## ").flatMap((section) => {
      const airport = section.slice(0, 3);
      return section.split("\n").flatMap((line) => (line.startsWith("| 2001") ? `${airport} ${line}` : []));
    });
    assert.deepEqual(told.toSorted(), expected.toSorted());
    const largest = text.split("\n").filter((line) => line.startsWith("## "));
    const total = (line: string): number => Number(/(\d+) departures/.exec(line)?.[1]);
    assert.deepEqual(
      largest,
      largest.toSorted((a, b) => total(b) - total(a)),
    );
  },
);

test("the report is explained without being written", patience, async () => {
  using project = new OpsProject();
  const { code, stdout, stderr } = await project.start(...report, "--explain").ended;
  assert.equal(code, 0, stderr);
  assert.match(stdout, /for each of busiest_airports, 4 at once/);
  assert.match(stdout, /section\.slowest_routes/);
  assert.match(stdout, /airport_months {2}runs: never materialized/);
  assert.equal(existsSync(join(project.folder, "reports")), false);
});
