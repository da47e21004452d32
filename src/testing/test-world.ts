import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deriveCodeVersions } from "../app/code-versions.ts";
import { checkProject } from "../app/load-project.ts";
import { recordModules } from "../app/module-record.ts";
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
  const modules = recordModules();
  modules.stop();
  const { manifestOf, texts, ...versions } = deriveCodeVersions(modules, directory);
  const loaded = {
    directory,
    file: "",
    project,
    graph: checkProject(project),
    ...versions,
    code: {
      manifestOf,
      text: (digest: string) => texts.get(digest),
      // Nobody else goes on with what a test has begun.
      keep: () => Promise.resolve(undefined),
    },
  };
  const data = mkdtempSync(join(tmpdir(), "millrace-test-"));
  const remove = (): void => rmSync(data, { recursive: true, force: true });
  process.once("exit", remove);
  const clock = now === undefined ? systemClock : { ...systemClock, now: () => now };
  const open = await openProject(loaded, { environment: "test", state: await memoryState(), data, clock });
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
