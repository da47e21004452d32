import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { startPostgres } from "../../test/postgres/server.ts";
import { runCommand, type Stage, type StageResult, type TestTotals } from "./stage.ts";

const nodeTest = async (
  options: readonly string[],
  files: readonly string[],
  env: Record<string, string> = {},
) => {
  const args = [
    "--test",
    "--test-reporter=./scripts/test/reporter.ts",
    // For one test; a slower one says so with an option of its own.
    "--test-timeout=60000",
    ...options,
    ...files,
  ];
  const { ok, output } = await runCommand(process.execPath, args, {
    // As in production, see bin/millrace.js: a slow query must not keep file reads waiting.
    UV_THREADPOOL_SIZE: "16",
    NODE_COMPILE_CACHE: resolve("node_modules/.cache/millrace-compile"),
    ...env,
  });
  return summarize(ok, output, files.length);
};

/** Pure tests beside their sources: all in one process, which starts once instead of once for each file. */
export function unitStage(files: readonly string[]): Stage {
  return { name: "unit", run: async () => nodeTest(["--test-isolation=none"], files) };
}

/** Tests with I/O: a process for each file, and one PostgreSQL for all. */
export function integrationStage(files: readonly string[]): Stage {
  return {
    name: "integration",
    async run() {
      const postgres = await startPostgres();
      try {
        const options = [
          "--import=./scripts/test/exit-watch.ts",
          `--test-concurrency=${Math.max(2, availableParallelism())}`,
        ];
        return await nodeTest(options, files, { MILLRACE_TEST_POSTGRES_URL: postgres.url });
      } finally {
        await postgres.stop();
      }
    },
  };
}

/** The reporter's last line holds the totals; without it the runner itself went down. */
function summarize(ok: boolean, output: string, files: number): StageResult {
  const found = /^(?<passed>\d+) passed, (?<failed>\d+) failed, (?<skipped>\d+) skipped$/m.exec(
    output,
  )?.groups;
  if (found === undefined) return { ok: false, output };
  const tests: TestTotals = {
    passed: Number(found["passed"]),
    failed: Number(found["failed"]),
    skipped: Number(found["skipped"]),
  };
  return { ok, output, tests, note: `${tests.passed} tests in ${files} files` };
}
