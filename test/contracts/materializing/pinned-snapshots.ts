import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { asset, assetCheck } from "millrace";
import * as z from "zod";
import { resumeRun } from "../../../src/control/runs/resume-run.ts";
import type { DatabaseUnderTest } from "../state/database-under-test.ts";
import { openProcesses, type Process } from "../whole-asset-checks/processes.ts";

/** What the steps and checks of one process have seen, in order. */
interface Seen {
  readonly lines: string[];
}

/** `own` can be held up while it is made; `late` and its check read it, and `other` besides. */
function definitions(other: number, seen: Seen, held: () => Promise<void> = () => Promise.resolve()): object {
  const others = asset("other", { value: z.int(), codeVersion: "1", run: () => other });
  const own = asset("own", {
    value: z.int(),
    codeVersion: "1",
    run: async () => {
      await held();
      return 10 + other;
    },
  });
  const late = asset("late", {
    value: z.int(),
    codeVersion: "1",
    deps: { own, others },
    run: async ({ own, others }, { run }) => {
      const values = [await own.get(), await others.get()];
      seen.lines.push(`late: own ${values[0]}, other ${values[1]}, snapshot ${run.snapshot}`);
      return (values[0] ?? 0) + (values[1] ?? 0);
    },
  });
  const checked = assetCheck("checked", {
    asset: late,
    deps: { own, others },
    run: async ({ own, others }) => {
      seen.lines.push(`check: own ${await own.get()}, other ${await others.get()}`);
      return true;
    },
  });
  return { others, own, late, checked };
}

/** Holds up whoever comes, says when somebody has, and lets all go. */
function gate(): { pass: () => Promise<void>; come: Promise<void>; open: () => void } {
  const come = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<void>();
  return {
    pass: () => {
      come.resolve();
      return opened.promise;
    },
    come: come.promise,
    open: () => opened.resolve(),
  };
}

async function newestRun({ open }: Process): Promise<{ id: string; snapshot: number }> {
  const [run] = await open.context.state.runs.list(open.context.scope, { limit: 1 });
  assert.ok(run);
  return run;
}

export function pinnedSnapshots(database: DatabaseUnderTest): void {
  suite(`the snapshot of a run in ${database.name}`, () => {
    test("is that of its beginning for every step and check, with what it made itself, whatever others publish meanwhile (N14)", async (t) => {
      const held = gate();
      const [mine, theirs]: [Seen, Seen] = [{ lines: [] }, { lines: [] }];
      const [first, second] = await openProcesses(
        t,
        database,
        definitions(1, mine, held.pass),
        definitions(2, theirs),
      );
      assert.ok(first && second);
      await first.materialize({ selection: "other" });
      const running = first.materialize({ selection: "own late" });
      await held.come;
      const { id } = await newestRun(first);
      await second.materialize({ selection: "other" });
      const { state, scope } = first.open.context;
      assert.equal((await state.catalog.head(scope)).number, 2, "the other run has published");
      held.open();
      assert.equal((await running).outcome?.status, "success");
      assert.deepEqual(mine.lines, ["late: own 11, other 1, snapshot 1", "check: own 11, other 1"]);
      assert.equal((await state.runs.get(scope, id))?.snapshot, 1, "its row keeps it");
      const inputs = await Promise.all(
        (await state.runs.steps(id)).map(async ({ outputs }) => {
          const version = await state.catalog.version(outputs[0]?.versionId ?? "");
          return version?.inputs?.map((input) => `${input.asset} at ${input.snapshot}`);
        }),
      );
      assert.deepEqual(inputs, [[], ["own at 1", "other at 1"]], "and so do the versions that it made");
    });

    test("is used again by the process that goes on with it, after others have published (N14)", async (t) => {
      const held = gate();
      const [mine, theirs, goneOn]: [Seen, Seen, Seen] = [{ lines: [] }, { lines: [] }, { lines: [] }];
      const [first, second, third] = await openProcesses(
        t,
        database,
        definitions(1, mine, held.pass),
        definitions(2, theirs),
        definitions(1, goneOn),
      );
      assert.ok(first && second && third);
      await first.materialize({ selection: "other" });
      const running = first.materialize({ selection: "own late" });
      await held.come;
      const { id } = await newestRun(first);
      await second.materialize({ selection: "other" });
      const { context } = third.open;
      // The process that began it is thought dead; it only hangs, and is told so when it comes back.
      const processes = { ...context.processes, isAlive: () => false };
      const outcome = await resumeRun(id, { ...context, processes });
      assert.equal(outcome.status, "success");
      assert.deepEqual(goneOn.lines, ["late: own 11, other 1, snapshot 1", "check: own 11, other 1"]);
      held.open();
      await assert.rejects(running, { code: "RUN_LOST" });
      assert.deepEqual(mine.lines, []);
    });
  });
}
