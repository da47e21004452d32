import { aggregateDataVersion } from "../../../src/core/catalog/aggregate.ts";
import { input, TestProject, type TestRun, unpartitioned } from "./test-project.ts";
import type { TestDatabase } from "./database-under-test.ts";

export interface LateRun {
  readonly project: TestProject;
  readonly run: TestRun;
  /** Of `result`, made from a `source` that has changed since, while `result` is made from the newer one (N15). */
  readonly versionId: string;
}

/** A run that comes too late: `source` and `result` are at snapshot 3, and it has read snapshot 1. */
export async function lateRun(made: TestDatabase): Promise<LateRun> {
  const assets = { source: unpartitioned, result: unpartitioned };
  const project = await TestProject.open(await made.open(), assets);
  const [source, result] = [project.step("source"), project.step("result")];
  const digest = (data: string) => aggregateDataVersion([{ range: source.range, dataVersion: data }]);
  const from = (snapshot: number, data: string) => ({ inputs: [input("source", snapshot, digest(data))] });
  await project.materialize([source, { dataVersion: "s1" }]);
  const run = await project.run([result]);
  await project.materialize([source, { dataVersion: "s2" }]);
  await project.materialize([result, { dataVersion: "r2", ...from(2, "s2") }]);
  return { project, run, versionId: await run.make(result, { dataVersion: "r1", ...from(1, "s1") }) };
}
