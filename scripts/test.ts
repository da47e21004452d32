/**
 * `npm test`: everything that has to hold before a change lands, a line for each stage, the output of failing ones
 * only. What a person runs is what CI runs.
 *
 *     npm test                                  everything
 *     npm test -- --only types --only unit      some stages
 *     npm test -- src/core test/meta            the tests below these paths, and no other stage
 */
import { parseArgs } from "node:util";
import { killRunning, type Stage, type StageResult } from "./test/stage.ts";
import { staticStages } from "./test/static-stages.ts";
import { findTestFiles } from "./test/test-files.ts";
import { integrationStage, unitStage } from "./test/test-stages.ts";

interface Outcome {
  readonly stage: string;
  readonly result: StageResult;
}

const { values, positionals } = parseArgs({
  options: { only: { type: "string", multiple: true, default: [] } },
  allowPositionals: true,
});

process.chdir(new URL("..", import.meta.url).pathname);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));
process.once("exit", killRunning);

process.exitCode = await main(values.only, positionals);

async function main(only: readonly string[], paths: readonly string[]): Promise<number> {
  const files = findTestFiles(paths);
  const tests = [
    ...(files.unit.length > 0 ? [unitStage(files.unit)] : []),
    ...(files.integration.length > 0 ? [integrationStage(files.integration)] : []),
  ];
  const checks = paths.length === 0 ? staticStages : [];
  const wanted = (stage: Stage) => only.length === 0 || only.includes(stage.name);
  const stages = [...checks, ...tests];
  const unknown = only.filter((name) => !stages.some((stage) => stage.name === name));
  if (unknown.length > 0 || stages.length === 0) {
    console.error(`nothing to run: ${[...unknown, ...paths].join(", ")}`);
    console.error(`stages are ${stages.map((stage) => stage.name).join(", ")}`);
    return 1;
  }

  // Checks in pairs, for two cores; tests one stage after the other, since some of them measure time.
  const outcomes = [...(await runAll(checks.filter(wanted), 2)), ...(await runAll(tests.filter(wanted), 1))];
  return report(outcomes);
}

async function runAll(stages: readonly Stage[], atOnce: number): Promise<Outcome[]> {
  const queue = [...stages];
  const outcomes: Outcome[] = [];
  const worker = async () => {
    for (let stage = queue.shift(); stage !== undefined; stage = queue.shift()) {
      outcomes.push({ stage: stage.name, result: await runStage(stage) });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return outcomes;
}

async function runStage(stage: Stage): Promise<StageResult> {
  const started = performance.now();
  const result = await stage
    .run()
    .catch((error: unknown) => ({ ok: false, output: String(error), note: "" }));
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(
    `${result.ok ? "ok  " : "FAIL"}  ${stage.name.padEnd(12)} ${seconds.padStart(6)} s  ${result.note ?? ""}`,
  );
  return result;
}

/** The details of what failed, then the totals as the last line. */
function report(outcomes: readonly Outcome[]): number {
  const failed = outcomes.filter(({ result }) => !result.ok);
  for (const { stage, result } of failed) console.log(`\n--- ${stage} ---\n${result.output.trim()}`);
  if (failed.length > 0) console.log(`\nfailed stages: ${failed.map(({ stage }) => stage).join(", ")}`);

  const sum = (count: "passed" | "failed" | "skipped") =>
    outcomes.reduce((total, { result }) => total + (result.tests?.[count] ?? 0), 0);
  if (sum("skipped") > 0) console.log(`${sum("skipped")} skipped`);
  console.log(`${sum("passed")} passed, ${sum("failed")} failed`);
  return failed.length === 0 ? 0 : 1;
}
