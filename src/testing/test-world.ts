import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assembledProject } from "../app/assembled-project.ts";
import { openProject, type OpenProject } from "../app/open-project.ts";
import { openReading, type OpenReading } from "../app/open-reading.ts";
import { memoryState } from "../app/memory-state.ts";
import type { ProjectDefinition } from "../core/project/project.ts";
import type { Clock } from "../ports/clock.ts";
import type { State } from "../ports/state.ts";

/** A project with state in memory and data in a folder that goes with the process. */
export interface TestWorld {
  readonly open: OpenProject;
  readonly reading: OpenReading;
  close(): Promise<void>;
}

/** Where a test's state and data lie, and how they go. */
interface Ground {
  readonly state: State;
  readonly data: string;
  readonly remove: () => Promise<void> | void;
}

/**
 * @param clock The system's when absent
 * @param before A world of the same project with other code, which this one goes on from and closes with it
 */
export async function openTestWorld(
  project: ProjectDefinition,
  directory: string,
  clock?: Clock,
  before?: TestWorld,
): Promise<TestWorld> {
  const loaded = assembledProject(project, directory);
  const { state, data, remove } = before === undefined ? await newGround() : groundOf(before);
  const given = clock === undefined ? {} : { clock };
  const open = await openProject(loaded, { root: "test", state, data, ...given });
  const reading = await openReading(open);
  return {
    open,
    reading,
    async close() {
      await reading.close();
      await open.close();
      await remove();
    },
  };
}

async function newGround(): Promise<Ground> {
  const data = mkdtempSync(join(tmpdir(), "millrace-test-"));
  const removeData = (): void => rmSync(data, { recursive: true, force: true });
  process.once("exit", removeData);
  const remove = (): void => {
    process.off("exit", removeData);
    removeData();
  };
  return { state: await memoryState(), data, remove };
}

function groundOf(world: TestWorld): Ground {
  const { context, data } = world.open;
  // Closed once, by the world that opened it.
  return { state: { ...context.state, close: async () => undefined }, data, remove: () => world.close() };
}
