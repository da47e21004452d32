import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { loadProject } from "../../src/app/load-project.ts";
import { openProject } from "../../src/app/open-project.ts";
import { testDatabase } from "../postgres-server.ts";
import { run } from "./materialize-process.ts";

const project = fileURLToPath(new URL("./job-project", import.meta.url));
const script = fileURLToPath(new URL("./run-job-once.ts", import.meta.url));
const output = "A:a1+a2 b:b1+b2 c:c1+c2 100000 1970-01-02T00:00:00.000Z 1208925819614629174706176";

/** What writes to the log, by step. */
const logged: readonly (readonly [string, string])[] = [
  ["read", "read"],
  ["padding", "padding"],
  ["join", "join"],
  ["shout[a]", "shout a"],
  ...["a", "b", "c"].flatMap((letter): [string, string][] => [
    [`is_early[${letter}]`, `is_early ${letter}`],
    [`pair[${letter}][0]`, `pair ${letter}1`],
    [`pair[${letter}][1]`, `pair ${letter}2`],
  ]),
];

/** Where a first process dies, and where the one that goes on. */
const cases: readonly (readonly [string, string])[] = [
  ["before-intent:1", "after-write:1"],
  ["after-intent:2", "after-step:3"],
  ["after-write:2", "after-intent:4"],
  ["after-step:2", "after-checkpoint:1"],
  ["after-step:7", "after-write:3"],
  ["after-intent:9", "before-publish:1"],
  ["after-step:12", "after-publish:1"],
];

for (const database of ["sqlite", "postgres"] as const) {
  describe(
    `a job killed twice in mid-run, with state in ${database}`,
    { concurrency: 2, timeout: 240_000 },
    () => {
      // Its server does not die with its client: a few show that it is the same there.
      for (const [first, second] of database === "sqlite" ? cases : cases.slice(2, 5)) {
        test(`at ${first}, then at ${second}: goes on, and no committed step runs again (promise 3, N33)`, async (t) => {
          const folder = await mkdtemp(join(tmpdir(), "millrace-job-"));
          t.after(() => rm(folder, { recursive: true, force: true }));
          await mkdir(join(folder, "state"));
          const log = join(folder, "steps.log");
          const environment = {
            ...process.env,
            MILLRACE_STATE: database === "sqlite" ? join(folder, "state") : await testDatabase(t),
            MILLRACE_DATA: join(folder, "data"),
            STEP_LOG: log,
          };
          const ran = async (): Promise<readonly string[]> => {
            const lines = await readFile(log, "utf8").catch(() => "");
            return lines.split("\n").filter((line) => line !== "");
          };
          const committed = async (): Promise<ReadonlySet<string>> => {
            const open = await openProject(await loadProject(project), { variables: environment });
            const { state, scope } = open.context;
            const [newest] = await state.runs.list(scope, { limit: 1 });
            const steps = newest === undefined ? [] : await state.runs.steps(newest.id);
            await open.close();
            return new Set(steps.flatMap(({ key, status }) => (status === "success" ? [key] : [])));
          };
          let before = 0;
          let done: ReadonlySet<string> = new Set();
          for (const point of [first, second, undefined]) {
            const ended = await run(environment, point, [script, project, "tree"]);
            if (point === undefined) assert.equal(ended.result?.outcome.status, "success", ended.errors);
            else assert.equal(ended.signal, "SIGKILL", ended.errors);
            if (point === undefined) assert.equal(ended.result?.outcome.output, output);
            const again = (await ran()).slice(before);
            const twice = logged.filter(([step, line]) => done.has(step) && again.includes(line));
            assert.deepEqual(twice, [], "a committed step ran again");
            before += again.length;
            done = await committed();
          }
          const all = new Set(await ran());
          assert.deepEqual(
            logged.filter(([, line]) => !all.has(line)),
            [],
            "every step ran",
          );
          assert.deepEqual(
            logged.filter(([step]) => !done.has(step)),
            [],
            "and is committed",
          );
          const values = await readdir(join(folder, "data", "step.values"));
          assert.ok(values.length <= 3, "a large value for each process at most");
        });
      }
    },
  );
}
