import assert from "node:assert/strict";
import { Writable } from "node:stream";
import { suite, test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import type { RunStart } from "../../control/runs/materialize.ts";
import type { PlanStep } from "../../core/plan/plan.ts";
import type { RunProgress } from "../../core/run/run-progress.ts";
import { liveDisplay } from "./live-display.ts";
import { plainDisplay } from "./plain-display.ts";
import type { RunDisplay } from "./run-display.ts";
import type { RunReport, StepFailure } from "./run-report.ts";
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
  { progress: "step.failed", step: "f", reason: "f took longer than its time limit of 1.0 s" },
  { progress: "step.skipped", step: "d", reason: "c did not succeed" },
  { progress: "step.skipped", step: "e", reason: "unchanged" },
  { progress: "log", step: "a", level: "info", message: "hello", fields: { shops: 2, who: "a b" } },
  { progress: "hook.failed", step: "a", hook: "onSuccess", of: "asset a", reason: "no mail" },
  { progress: "hook.failed", hook: "onFailure", of: "project", reason: "no mail" },
  { progress: "log", level: "warn", message: "bye" },
  { progress: "published", snapshot: 7, versions: 2, held: [], superseded: [] },
];

function startOf(total: number, continued?: number): RunStart {
  const steps = Array.from({ length: total }, () => ({}) as PlanStep);
  const plan = { selection: "*", snapshot: 1, steps, blocked: [], held: [], retired: [], fresh: 0 };
  return { runId: "3f2a91c4-0000", plan, stepCount: total, continued, again: [] };
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
      startOf(11, 5),
    );
    assert.deepEqual(lines, [
      "continuing run 3f2a91c4 (5 of 11 steps already done)",
      "↻ a  tried again in 2.0 s: no answer",
      "[ 6/11] ✓ a  1,234 rows  1.2 s",
      "[ 7/11] ✓ b  30 ms  unchanged",
      "! c  blocking check unique id failed: 2 rows have the same id",
      "[ 8/11] ✗ c  rejected: 1 blocking check failed",
      "[ 9/11] ✗ f  failed: it took longer than its time limit of 1.0 s",
      "[10/11] - d  skipped: c did not succeed",
      "[11/11] - e  skipped: not needed: what it reads is unchanged",
      '  a  info: hello  shops=2 who="a b"',
      "! a  the hook onSuccess of asset a failed: no mail",
      "! the hook onFailure of project failed: no mail",
      "  the run  warn: bye",
      "● published snapshot 7: 2 versions",
    ]);
  });

  test("on a terminal a bar is redrawn below the lines, and taken away at the end", () => {
    const { stream, text } = terminal();
    play(liveDisplay(stream), startOf(6));
    const written = text();
    assert.match(written, /0\/6 steps/);
    assert.match(written, /\[1\/6\] ✓ a {2}1,234 rows/);
    assert.ok(!written.includes("[?25l"), "the cursor is never hidden, so a killed process cannot lose it");
    assert.match(written.slice(-80), /published snapshot 7/);
  });

  test("of many steps only what is out of the ordinary gets a line", () => {
    const { stream, text } = terminal();
    play(liveDisplay(stream), startOf(1_000));
    const written = text();
    assert.ok(!written.includes("✓ a"));
    assert.match(written, /✗ c {2}rejected: 1 blocking check failed/);
    assert.match(written, /tried again/);
  });

  test("the tally counts what was made, unchanged, skipped and failed", () => {
    const tally = play(
      plainDisplay(() => undefined),
      startOf(6),
    );
    const results = tally.results.map(({ step, result }) => `${step} ${result}`);
    assert.deepEqual(results, ["a made", "b unchanged", "c failed", "f failed", "d skipped", "e unchanged"]);
    assert.deepEqual([tally.done, tally.rowCount, tally.running.size], [6, 1_234, 0]);
    assert.equal(tally.published, 2);
  });

  test("the summary tells what to do once, and of checks nothing that their own lines have said", () => {
    const report = reportOf([
      failureOf("c", "CHECK_FAILED", "c: a blocking check failed: unique id", { file: "/p/c.ts", line: 3 }),
      failureOf("f", "STEP_FAILED", "f failed: no answer\nfrom there", { file: "/p/f.ts", line: 4 }),
      failureOf("d", "CHECK_FAILED", "d: a blocking check failed: row count", { file: "/p/d.ts", line: 5 }),
    ]);
    const lines = runSummary(report, [stepOf("c"), stepOf("d"), stepOf("f")]).map(stripVTControlCharacters);
    assert.deepEqual(lines, [
      "failed in 1 min 1 s: 3 failed, 2 fresh, left alone",
      "",
      "✗ c  CHECK_FAILED",
      "  at /p/c.ts:3",
      "✗ d  CHECK_FAILED",
      "  at /p/d.ts:5",
      "  → Mend CHECK_FAILED.",
      "",
      "✗ f  STEP_FAILED",
      "  no answer",
      "  from there",
      "  at /p/f.ts:4",
      "  → Mend STEP_FAILED.",
      "",
      "millrace runs show 3f2a91c4 tells the whole story",
    ]);
  });

  test("partitions of an asset that failed alike share an entry, and others stand for themselves", () => {
    const steps = [1, 2, 3, 4].map((month) => stepOf("orders", month));
    const fail = (month: number, message: string) =>
      failureOf(`orders[2025-0${month}]`, "STEP_FAILED", message, {
        asset: "orders",
        file: "/p/o.ts",
        line: 1,
      });
    const report = reportOf([
      fail(3, "orders[2025-03] failed: the till is closed"),
      fail(1, "orders[2025-01] failed: the till is closed"),
      fail(4, "orders[2025-04]: the result is odd"),
      fail(2, "the till is closed"),
    ]);
    const [, , ...lines] = runSummary(report, steps).map(stripVTControlCharacters);
    assert.deepEqual(lines.slice(0, -2), [
      "✗ orders [2025-01 to 2025-03, 3 partitions]  STEP_FAILED",
      "  the till is closed",
      "  at /p/o.ts:1",
      "✗ orders[2025-04]  STEP_FAILED",
      "  the result is odd",
      "  at /p/o.ts:1",
      "  → Mend STEP_FAILED.",
    ]);
  });

  test("a run that failed in part says what it published all the same", () => {
    const report = { ...reportOf([failureOf("c", "STEP_FAILED", "no", {})]), snapshots: [7], published: 2 };
    const steps = ["a", "b", "c", "d"].map((key) => stepOf(key));
    const [line = ""] = runSummary(report, steps).map(stripVTControlCharacters);
    assert.equal(line, "failed; published 2 of 4 (snapshot 7) in 1 min 1 s: 1 failed, 2 fresh, left alone");
  });

  test("a run that is canceled before its first step ends says that nothing is done", () => {
    const report = { ...reportOf([]), status: "canceled", fresh: 0 } as const;
    for (const continued of [undefined, 0]) {
      const [line = ""] = runSummary({ ...report, continued }, [stepOf("a")]).map(stripVTControlCharacters);
      assert.equal(line, "canceled in 1 min 1 s: nothing done yet");
    }
  });
});

function stepOf(asset: string, month?: number): PlanStep {
  const partition = month === undefined ? {} : { partition: `2025-0${month}` };
  const key = month === undefined ? asset : `${asset}[2025-0${month}]`;
  return { key, range: { slice: "", from: month ?? 0, to: (month ?? 0) + 1 }, ...partition } as PlanStep;
}

function failureOf(step: string, code: string, message: string, place: StepFailure["place"]): StepFailure {
  return { step, code, message, place, fix: `Mend ${code}.` };
}

function reportOf(failures: readonly StepFailure[]): RunReport {
  return {
    runId: "3f2a91c4-0000",
    status: "failure",
    error: undefined,
    continued: undefined,
    madeAgain: [],
    snapshot: undefined,
    snapshots: [],
    published: 0,
    milliseconds: 61_000,
    fresh: 2,
    held: 0,
    retired: 0,
    output: undefined,
    steps: failures.map(({ step, message }) => ({
      step,
      result: "failed",
      rowCount: undefined,
      milliseconds: undefined,
      reason: message,
    })),
    failedChecks: [],
    failures,
  };
}

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
