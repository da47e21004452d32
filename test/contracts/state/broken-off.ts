import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { suite, test } from "node:test";
import { fileURLToPath } from "node:url";
import { openState } from "../../../src/storage/state.ts";
import { BreakingDatabase } from "./breaking-database.ts";
import type { DatabaseUnderTest, TestDatabase } from "./database-under-test.ts";
import { stateChanges, type StateChange } from "./state-changes.ts";
import { TestProject } from "./test-project.ts";

class BrokenOff extends Error {}

const tables = [
  "project",
  "environment",
  "snapshot",
  "asset_horizon",
  "run",
  "step",
  "step_output",
  "claim",
  "version",
  "version_input",
  "shared_file",
  "doomed_file",
  "intended_pack",
  "pointer",
  "asset_aggregate",
  "check_evaluation",
  "event",
];

async function everything(database: TestDatabase): Promise<string> {
  return JSON.stringify(
    await database.executeAll(tables.map((table) => `select * from ${table} order by 1, 2, 3`)),
  );
}

/** What is current at each snapshot, the newest first; a code where it cannot be read. */
async function shown(project: TestProject): Promise<readonly unknown[]> {
  const snapshots = [];
  for (let number = await project.head(); number > 0; number -= 1)
    snapshots.push(await project.current(number).catch((error: { readonly code?: string }) => error.code));
  return snapshots;
}

/** Tries a change, and is broken off after so many statements. Was it done before? */
type Try = (change: StateChange, statements: number) => Promise<"done" | "broken off">;

/** Of the places between statements, each or every so many. */
interface Places {
  readonly every: number;
}

/** What a project shows after each of all changes; on the way each is broken off wherever it can be. */
async function afterAll(
  project: TestProject,
  made: TestDatabase,
  { every }: Places,
  attempt: Try,
): Promise<readonly unknown[]> {
  const after = [];
  for (const change of stateChanges) {
    const { name, before, inPieces = false } = change;
    await before?.(project, made);
    let [all, seen] = [await everything(made), await shown(project)];
    let places = 0;
    for (let answered = 0; (await attempt(change, answered)) === "broken off"; places += 1) {
      const where = `${name}, broken off after ${answered} statements`;
      const left = await everything(made);
      if (!inPieces) assert.equal(left, all, where);
      // Pieces that were committed stay: what is still to be done is broken off everywhere, too.
      answered = left === all ? answered + every : 0;
      const now = await shown(project);
      const same = seen.map((snapshot, index) => (now[index] === "SNAPSHOT_GONE" ? now[index] : snapshot));
      assert.deepEqual(now, same, where);
      [all, seen] = [left, now];
    }
    const least = Math.floor((placesAtLeast[name] ?? 2) / every);
    assert.ok(places >= Math.max(1, least), `${name} was broken off in ${places} places`);
    after.push(name, await shown(project));
  }
  return after;
}

/** The same where nothing is broken off. */
async function unbroken(made: TestDatabase): Promise<readonly unknown[]> {
  const project = await TestProject.open(await made.open());
  const after = [];
  for (const { name, before, change } of stateChanges) {
    await before?.(project, made);
    await change(project);
    after.push(name, await shown(project));
  }
  return after;
}

const placesAtLeast: Readonly<Record<string, number>> = {
  "publish 2": 9,
  "roll back": 9,
  release: 9,
  collect: 20,
};

const child = fileURLToPath(new URL("./die-in-between.ts", import.meta.url));

async function killed(made: TestDatabase, name: string, statements: number): Promise<"done" | "broken off"> {
  const dying = spawn(process.execPath, [child, made.address, name, String(statements)], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const [code, signal] = (await once(dying, "exit")) as [number | null, string | null];
  assert.ok(code === 0 || signal === "SIGKILL", `${name}: it ended with ${String(code ?? signal)}`);
  return code === 0 ? "done" : "broken off";
}

export function brokenOffContract(database: DatabaseUnderTest): void {
  suite(`whatever is broken off in ${database.name}`, () => {
    test("between any two statements nothing of it has happened, and done anew all of it has (N2, N16, N17, N18)", async (t) => {
      const made = await database.make(t);
      const driver = new BreakingDatabase(await made.openDriver(), () => {
        throw new BrokenOff();
      });
      const project = await TestProject.open(await openState(driver));
      const broken = await afterAll(project, made, { every: 1 }, async ({ change }, statements) => {
        driver.breakAfter(statements);
        try {
          await change(project);
          return "done";
        } catch (error) {
          if (error instanceof BrokenOff) return "broken off";
          throw error;
        } finally {
          driver.breakAfter(Infinity);
        }
      });
      assert.deepEqual(broken, await unbroken(await database.make(t)));
    });

    test(
      "by a kill between statements it is the same (N2, N16, N17, N18)",
      { timeout: 300_000 },
      async (t) => {
        const made = await database.make(t);
        const project = await TestProject.open(await made.open());
        const every = database.isServer ? 5 : 1;
        const broken = await afterAll(project, made, { every }, ({ name }, statements) =>
          killed(made, name, statements),
        );
        assert.deepEqual(broken, await unbroken(await database.make(t)));
      },
    );
  });
}
