import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { defineProject } from "millrace";
import { assembledProject } from "../../../src/app/assembled-project.ts";
import { openProject, type OpenProject } from "../../../src/app/open-project.ts";
import {
  materialize,
  type MaterializeOptions,
  type Materialized,
} from "../../../src/control/runs/materialize.ts";
import type { MaterializeRequest } from "../../../src/control/planning/plan-materialization.ts";
import { projectDefinition } from "../../../src/core/project/project.ts";
import type { DatabaseUnderTest, TestDatabase } from "../state/database-under-test.ts";

/** One of several processes over the same state and data. */
export interface Process {
  readonly open: OpenProject;
  materialize(request: Partial<MaterializeRequest>, options?: MaterializeOptions): Promise<Materialized>;
  /** Runs a statement beside the state. */
  readonly execute: TestDatabase["execute"];
}

/** Opens as many of them as there are records of definitions; all of the same assets. */
export async function openProcesses(
  t: TestContext,
  database: DatabaseUnderTest,
  ...definitions: readonly object[]
): Promise<readonly Process[]> {
  const data = await mkdtemp(join(tmpdir(), "millrace-processes-"));
  t.after(() => rm(data, { recursive: true, force: true }));
  const made = await database.make(t);
  const processes: Process[] = [];
  for (const defined of definitions) {
    const project = projectDefinition(defineProject({ name: "shared", definitions: [defined] }));
    if (project === undefined) throw new Error("no project");
    const loaded = assembledProject(project, process.cwd());
    const open = await openProject(loaded, { environment: "main", state: await made.open(), data });
    t.after(() => open.close());
    processes.push({
      open,
      materialize: (request, options) => materialize({ selection: "*", ...request }, open.context, options),
      execute: (text) => made.execute(text),
    });
  }
  return processes;
}
