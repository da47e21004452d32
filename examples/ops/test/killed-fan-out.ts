import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import * as z from "zod";
import { OpsProject } from "./ops-project.ts";

const items = 5_000;
/** How many items are done before the first kill, and before the second one. */
const kills = [1_000, 3_000];

const Runs = z.object({ runs: z.array(z.object({ id: z.string(), status: z.string() })) });
const Run = z.object({ steps: z.array(z.object({ key: z.string(), status: z.string() })) });

/**
 * Kills the fan-out in the middle, twice, and starts it again until it ends: every item is done at least once, and none
 * is done again that was committed. What was done is counted on disk by the items themselves.
 *
 * @param env Where its state lies, if not in its folder
 */
export async function killedFanOut(env: NodeJS.ProcessEnv = {}): Promise<void> {
  using project = new OpsProject(env);
  const counters = join(project.folder, "counters");
  const counts = (): ReadonlyMap<string, number> =>
    new Map(counted(counters).map((item) => [item, readFileSync(join(counters, item), "utf8").length]));
  const json = async <T>(schema: z.ZodType<T>, ...args: string[]): Promise<T> => {
    const { code, stdout, stderr } = await project.start(...args, "--json").ended;
    assert.equal(code, 0, stderr);
    return schema.parse(JSON.parse(stdout));
  };
  const committed = async (): Promise<readonly string[]> => {
    const { runs } = await json(Runs, "runs", "ls");
    assert.equal(runs.length, 1, "it is one run, however often it is started");
    const { steps } = await json(Run, "runs", "show", runs[0]?.id ?? "");
    return steps.flatMap(({ key, status }) => {
      const item = /^do_item\[(\d+)\]$/.exec(key)?.[1];
      return item !== undefined && status === "success" ? [item] : [];
    });
  };

  const before = new Map<string, number>();
  for (const least of kills) {
    const running = project.start("run", "fan_out");
    while (counted(counters).length < least && running.isAtWork()) await delay(2);
    await running.kill();
    const done = counts();
    assert.ok(
      done.size >= least && done.size < items,
      `it was to be killed in the middle: ${done.size} items`,
    );
    const kept = await committed();
    assert.ok(kept.length > 0, "something was committed");
    for (const item of kept) {
      const times = before.get(item) ?? done.get(item);
      assert.equal(done.get(item), times, `the item ${item} was committed and is not done again`);
      before.set(item, times ?? 0);
    }
  }
  const { code, stdout, stderr } = await project.start("run", "fan_out", "--json").ended;
  assert.equal(code, 0, stderr);
  assert.match(stdout, /12497500/, "the sum of all items");
  const after = counts();
  assert.equal(after.size, items, "every item was done");
  for (const [item, times] of before)
    assert.equal(
      after.get(item),
      times,
      `the item ${item} was committed before a kill and is not done again`,
    );
  const again = [...after].filter(([, times]) => times > 1);
  // Those that were at work when it was killed.
  const atWork = Math.max(8, availableParallelism());
  assert.ok(again.length <= kills.length * atWork, `${again.length} items were done more than once`);
  assert.equal((await committed()).length, items);
}

function counted(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
