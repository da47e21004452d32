import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assembledProject } from "../app/assembled-project.ts";
import { openProject, type OpenProject } from "../app/open-project.ts";
import { openReading, type OpenReading } from "../app/open-reading.ts";
import { memoryState } from "../app/memory-state.ts";
import { systemClock } from "../app/system-clock.ts";
import type { ProjectDefinition } from "../core/project/project.ts";

/** A project with state in memory and data in a folder that goes with the process. */
export interface TestWorld {
  readonly open: OpenProject;
  readonly reading: OpenReading;
  close(): Promise<void>;
}

export async function openTestWorld(
  project: ProjectDefinition,
  directory: string,
  now: number | undefined,
): Promise<TestWorld> {
  const loaded = assembledProject(project, directory);
  const data = mkdtempSync(join(tmpdir(), "millrace-test-"));
  const remove = (): void => rmSync(data, { recursive: true, force: true });
  process.once("exit", remove);
  const clock = now === undefined ? systemClock : { ...systemClock, now: () => now };
  const open = await openProject(loaded, { root: "test", state: await memoryState(), data, clock });
  const reading = await openReading(open);
  return {
    open,
    reading,
    async close() {
      await reading.close();
      await open.close();
      process.off("exit", remove);
      remove();
    },
  };
}
