import assert from "node:assert/strict";
import { Writable } from "node:stream";
import { suite, test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import type { RunStart } from "../../control/materialize.ts";
import type { PlanStep } from "../../core/plan/plan.ts";
import type { RunProgress } from "../../core/run/run-progress.ts";
import { liveDisplay } from "./live-display.ts";
import { plainDisplay } from "./plain-display.ts";
import type { RunDisplay } from "./run-display.ts";
import type { RunReport } from "./run-report.ts";
import { runSummary } from "./run-summary.ts";
import { RunTally } from "./run-tally.ts";

const happenings: readonly RunProgress[] = [
  { progress: "step.started", step: "a", attempt: 1 },
  { progress: "step.retrying", step: "a", reason: "no answer", delayMs: 2_000 },
  { progress: "step.succeeded", step: "a", milliseconds: 1_200, rowCount: 1_234, unchanged: false },
  { progress: "step.succeeded", step: "b", milliseconds: 30, unchanged: true },
  {
    progress: "check.failed",
    step: "c",
    check: "unique id",
    blocking: true,
    description: "2 rows have the same id",
  },
  { progress: "step.failed", step: "c", reason: "unique id failed" },
  { progress: "step.skipped", step: "d", reason: "c did not succeed" },
  { progress: "step.skipped", step: "e", reason: "unchanged" },
  { progress: "log", step: "a", level: "info", message: "hello" },
  { progress: "published", snapshot: 7, versions: 2 },
];

function startOf(total: number, continued?: number): RunStart {
  const steps = Array.from({ length: total }, () => ({}) as PlanStep);
  const plan = { selection: "*", snapshot: 1, steps, blocked: [], fresh: 0 };
  return { runId: "3f2a91c4-0000", plan, continued };
}

function play(display: RunDisplay, start: RunStart): RunTally {
  const tally = new RunTally(start.plan.steps.length, start.continued ?? 0);
  display.start(start, tally);
  for (const progress of happenings) {
    tally.note(progress, 0);
    display.report(progress, tally);
  }
  display.end();
  return tally;
}

suite("run displays", () => {
  test("off a terminal there is a line for each thing that ends", () => {
    const lines: string[] = [];
    play(
      plainDisplay((line) => lines.push(stripVTControlCharacters(line))),
      startOf(10, 5),
    );
    assert.deepEqual(lines, [
      "continuing run 3f2a91c4 (5 of 10 steps already done)",
      "↻ a  tried again in 2.0 s: no answer",
      "[ 6/10] ✓ a  1,234 rows  1.2 s",
      "[ 7/10] ✓ b  30 ms  unchanged",
      "! c  blocking check unique id failed: 2 rows have the same id",
      "[ 8/10] ✗ c  failed: unique id failed",
      "[ 9/10] - d  skipped: c did not succeed",
      "[10/10] - e  skipped: not needed: what it reads is unchanged",
      "  a  info: hello",
      "● published snapshot 7: 2 versions",
    ]);
  });

  test("on a terminal a bar is redrawn below the lines, and taken away at the end", () => {
    const { stream, text } = terminal();
    play(liveDisplay(stream), startOf(5));
    const written = text();
    assert.match(written, /0\/5 steps/);
    assert.match(written, /\[1\/5\] ✓ a {2}1,234 rows/);
    assert.ok(!written.includes("[?25l"), "the cursor is never hidden, so a killed process cannot lose it");
    assert.match(written.slice(-80), /published snapshot 7/);
  });

  test("of many steps only what is out of the ordinary gets a line", () => {
    const { stream, text } = terminal();
    play(liveDisplay(stream), startOf(1_000));
    const written = text();
    assert.ok(!written.includes("✓ a"));
    assert.match(written, /✗ c {2}failed: unique id failed/);
    assert.match(written, /tried again/);
  });

  test("the tally counts what was made, unchanged, skipped and failed", () => {
    const tally = play(
      plainDisplay(() => undefined),
      startOf(5),
    );
    const results = tally.results.map(({ step, result }) => `${step} ${result}`);
    assert.deepEqual(results, ["a made", "b unchanged", "c failed", "d skipped", "e unchanged"]);
    assert.deepEqual([tally.done, tally.rowCount, tally.running.size], [5, 1_234, 0]);
  });

  test("the summary tells each failure with its place and what to do", () => {
    const report: RunReport = {
      runId: "3f2a91c4-0000",
      status: "failure",
      continued: undefined,
      snapshot: 7,
      milliseconds: 61_000,
      fresh: 2,
      steps: [
        {
          step: "c",
          result: "failed",
          rowCount: undefined,
          milliseconds: undefined,
          reason: "unique id failed",
        },
      ],
      failedChecks: [],
      failures: [
        {
          step: "c",
          code: "CHECK_FAILED",
          message: "unique id failed",
          place: { file: "/p/c.ts", line: 3 },
          fix: "Mend it.",
        },
      ],
    };
    const lines = runSummary(report).map(stripVTControlCharacters);
    assert.deepEqual(lines, [
      "failed in 1 min 1 s: 1 failed, 2 fresh, left alone",
      "",
      "✗ c  CHECK_FAILED",
      "  unique id failed",
      "  at /p/c.ts:3",
      "  → Mend it.",
      "",
      "millrace runs show 3f2a91c4 tells the whole story",
    ]);
  });
});

/** A stream that looks like a terminal of 80 × 24 and keeps what is written. */
function terminal(): { stream: NodeJS.WriteStream; text: () => string } {
  const chunks: string[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk.toString());
      done();
    },
  });
  const tty = Object.assign(stream, { isTTY: true, columns: 80, rows: 24 }) as unknown as NodeJS.WriteStream;
  return {
    stream: tty,
    text: () =>
      chunks
        .join("")
        .replaceAll(/\[(?:2|22|31|32|33|39)m/g, "")
        .replaceAll("\u001B", ""),
  };
}
