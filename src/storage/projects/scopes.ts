import type { EnvironmentBase, Scope } from "../../ports/state/project-store.ts";
import { all, type Script } from "../database/script.ts";

interface ScopeRow {
  readonly id: number;
  readonly project_id: number;
  readonly name: string;
  readonly parent_id: number | null;
  readonly base_snapshot: number | null;
  readonly base_observation: number | null;
  readonly base_evaluation: number | null;
  readonly depth: number;
}

/** An environment with all that it is based on. What it is based on never changes, so it may be kept. */
export function* findScope(project: string, environment: string): Script<Scope | undefined> {
  const rows = yield* all<ScopeRow>(
    `with recursive line as (
       select e.id, e.project_id, e.name, e.parent_id, e.base_snapshot, e.base_observation,
         e.base_evaluation, 0 as depth
       from environment e join project p on p.id = e.project_id
       where p.name = ? and e.name = ? and e.dropped_at is null
       union all
       select e.id, e.project_id, e.name, e.parent_id, e.base_snapshot, e.base_observation,
         e.base_evaluation, l.depth + 1
       from line l join environment e on e.id = l.parent_id
     )
     select * from line order by depth desc`,
    project,
    environment,
  );
  let below: Scope | undefined;
  for (const row of rows) below = scopeOf(row, below);
  return below;
}

function scopeOf(row: ScopeRow, parent: Scope | undefined): Scope {
  const scope = { projectId: row.project_id, environmentId: row.id, environment: row.name };
  return parent === undefined ? scope : { ...scope, base: baseOf(row, parent) };
}

function baseOf(row: ScopeRow, scope: Scope): EnvironmentBase {
  const { base_snapshot: snapshot, base_observation: observation, base_evaluation: evaluation } = row;
  return { scope, snapshot: snapshot ?? 0, observation: observation ?? 0, evaluation: evaluation ?? 0 };
}
