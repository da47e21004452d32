import assert from "node:assert/strict";
import type { Retention } from "../../../src/core/catalog/retention.ts";
import type { Scope } from "../../../src/ports/state/project-store.ts";
import type { Collected } from "../../../src/ports/state/retention-store.ts";
import type { State } from "../../../src/ports/state.ts";
import type { TestDatabase } from "./database-under-test.ts";

export const hour = 3_600_000;
export const graceHours = 1;
export const retention: Retention = { keepMs: 10 * hour, keepMsOf: new Map(), graceMs: graceHours * hour };

interface Collectable {
  readonly state: State;
  readonly scope: Scope;
}

const ofEnvironment = "environment_id in (select e.id from environment e where e.project_id = {project})";

/** What tells times, and how its rows are told from those of other projects. */
const times: readonly (readonly [string, string, string])[] = [
  ["snapshot", "published_at", ofEnvironment],
  ["environment", "published_at", "project_id = {project}"],
  ["version", "created_at", "project_id = {project}"],
  ["version", "staged_at", "project_id = {project}"],
  ["version", "condemned_at", "project_id = {project}"],
  ["pointer", "condemned_at", ofEnvironment],
  ["asset_aggregate", "condemned_at", ofEnvironment],
  ["doomed_file", "doomed_at", "project_id = {project}"],
  ["intended_pack", "expires_at", "project_id = {project}"],
  ["run", "started_at", ofEnvironment],
  ["run", "ended_at", ofEnvironment],
];

/** As if so much time had passed since everything that was recorded, of one project or of all. */
export async function pass(made: TestDatabase, milliseconds: number, projectId?: number): Promise<void> {
  const statements = times.map(([table, column, own]) => {
    const of = projectId === undefined ? "" : ` and ${own.replace("{project}", String(projectId))}`;
    return `update ${table} set ${column} = ${column} - ${milliseconds} where ${column} > 0${of}`;
  });
  for (const statement of statements) await made.execute(statement);
}

export async function collect({ state, scope }: Collectable, how: Retention = retention): Promise<Collected> {
  const total = { snapshots: 0, versions: 0, files: 0, bytes: 0 };
  for await (const { snapshots, versions, files, bytes } of state.retention.condemn(scope, how)) {
    total.snapshots += snapshots;
    total.versions += versions;
    total.files += files;
    total.bytes += bytes;
  }
  return total;
}

/** Phase two: gives the files that are to be removed. */
export async function removeFiles(
  { state, scope }: Collectable,
  graceMs: number = retention.graceMs,
): Promise<string[]> {
  let rows = 0;
  for await (const pruned of state.retention.prune(scope, { ...retention, graceMs })) rows += pruned;
  assert.ok(rows >= 0);
  const doomed = await state.retention.doomed(scope, graceMs, 1000);
  await state.retention.forget(scope, doomed);
  return doomed.map(({ file }) => file).sort();
}
