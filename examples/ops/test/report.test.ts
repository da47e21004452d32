import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, test } from "node:test";
import { callOp, fakeClock, given, instead, runJob } from "millrace/testing";
import { airportMonths, routeDelays } from "../flights.ts";
import { reportFolder, type ReportFolder } from "../report-folder.ts";
import { busiestAirports, isLarge, monthOf, publishReport, report, slowestRoutes } from "../report.ts";

const month = (airport: string, name: string, flights: number) => ({
  airport,
  month: name,
  flights,
  mean_delay: 7.5,
  late_share: 0.25,
});
const months = given(airportMonths, [
  month("SFO", "2001-01", 900),
  month("SFO", "2001-02", 800),
  month("LAX", "2001-01", 3_000),
  month("MRY", "2001-01", 10),
]);
const routes = given(routeDelays, [
  { origin: "LAX", destination: "SFO", flights: 2_000, mean_delay: 12 },
  { origin: "LAX", destination: "JFK", flights: 900, mean_delay: 20 },
  { origin: "LAX", destination: "MRY", flights: 100, mean_delay: 90 },
]);

/** A folder in memory. */
function folderInMemory() {
  const files = new Map<string, string>();
  const folder: ReportFolder = {
    write: async (name, text) => {
      files.set(name, text);
      return name;
    },
    append: async (name, line) => void files.set(name, `${files.get(name) ?? ""}${line}\n`),
  };
  return { files, folder };
}

suite("the report", () => {
  test("tells of each airport by month, and of the routes of large ones", async () => {
    const { files, folder } = folderInMemory();
    await using run = await runJob(report, {
      config: { airports: 5, atLeast: 100, largeFrom: 2_000 },
      given: [months, routes],
      resources: [instead(reportFolder, folder)],
    });
    assert.deepEqual(run.output, { file: "airports.md", airports: 2 });
    assert.equal(
      files.get("airports.md"),
      `# Departures of 2001, January to June

## LAX: 3000 departures

| month | flights | mean delay | late |
| --- | ---: | ---: | ---: |
| 2001-01 | 3000 | 7.5 min | 25.0 % |

Slowest routes:

- to JFK: 20.0 min on average, over 900 flights
- to SFO: 12.0 min on average, over 2000 flights

## SFO: 1700 departures

| month | flights | mean delay | late |
| --- | ---: | ---: | ---: |
| 2001-01 | 900 | 7.5 min | 25.0 % |
| 2001-02 | 800 | 7.5 min | 25.0 % |

`,
    );
    assert.match(files.get("history.log") ?? "", /^\S+ 2 airports\n$/);
    assert.deepEqual(await run.gave(isLarge), [true, false]);
    assert.equal(run.step("section.slowest_routes[SFO]").status, "skipped");
  });

  test("says of one airport that failed which and why, and is not published", async () => {
    const { files, folder } = folderInMemory();
    await using run = await runJob(report, {
      config: { atLeast: 100 },
      given: [months, routes],
      resources: [instead(reportFolder, folder)],
      ops: [
        instead(monthOf, ({ input }) => {
          if (input.airport === "SFO") throw new Error("no connection");
          return { ...month(input.airport, input.month, 1) };
        }),
      ],
    });
    assert.throws(() => run.assertSucceeded(), /section\.month_of\[SFO\]\[2001-01\] failed: no connection/);
    assert.equal(
      run.step("section.month_of[SFO][2001-01]").attempts,
      3,
      "the job has every step tried again twice",
    );
    assert.equal(run.step("section.write_section[LAX]").status, "success");
    assert.equal(files.size, 0);
  });
});

suite("the folder of reports", () => {
  test("has whole files only, and nothing besides when the run has ended", async (t) => {
    const path = mkdtempSync(join(tmpdir(), "millrace-reports-"));
    t.after(() => rmSync(path, { recursive: true }));
    for (const sections of [["a"], ["b", "c"]]) {
      await using call = await callOp(publishReport, {
        input: { sections },
        resources: [reportFolder.with({ path })],
      });
      assert.deepEqual(call.output, { file: join(path, "airports.md"), airports: sections.length });
      await call.close();
    }
    assert.deepEqual(readdirSync(path).toSorted(), ["airports.md", "history.log"]);
    assert.match(readFileSync(join(path, "airports.md"), "utf8"), /\n\nb\n\nc\n/);
    assert.equal(readFileSync(join(path, "history.log"), "utf8").split("\n").length, 3);
  });
});

suite("the ops of the report", () => {
  test("the busiest airports are those with enough departures, the first ones first", async () => {
    const input = { count: 2, atLeast: 10 };
    await using call = await callOp(busiestAirports, { input, given: [months] });
    assert.deepEqual(call.output, [
      { iata: "LAX", flights: 3_000, months: ["2001-01"] },
      { iata: "SFO", flights: 1_700, months: ["2001-01", "2001-02"] },
    ]);
  });

  test("the slowest routes are as many as is said, of those flown often", async () => {
    await using call = await callOp(slowestRoutes, {
      input: { airport: "LAX" },
      config: { count: 1 },
      given: [routes],
    });
    assert.deepEqual(call.output, [{ destination: "JFK", flights: 900, mean_delay: 20 }]);
  });

  test("a try that fails after the file is written does not have it written again, and waits for the disk", async () => {
    const { files, folder } = folderInMemory();
    const done: string[] = [];
    const clock = fakeClock("2001-07-01");
    await using call = await callOp(publishReport, {
      input: { sections: ["## SFO"] },
      now: clock,
      resources: [
        instead(reportFolder, {
          write: async (name, text) => {
            done.push(`write ${name}`);
            return folder.write(name, text);
          },
          append: async (name, line) => {
            done.push(`append ${name}`);
            if (done.length < 3) throw new Error("the disk is busy");
            return folder.append(name, line);
          },
        }),
      ],
    });
    assert.deepEqual(call.output, { file: "airports.md", airports: 1 });
    assert.deepEqual(done, ["write airports.md", "append history.log", "append history.log"]);
    assert.equal(files.get("history.log")?.split("\n").length, 2);
    assert.deepEqual(clock.now(), new Date("2001-07-01T00:00:10Z"), "a test does not wait, but tells");
  });
});
