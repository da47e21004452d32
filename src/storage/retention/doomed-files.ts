import type { Scope } from "../../ports/state/project-store.ts";
import type { DoomedFile } from "../../ports/state/retention-store.ts";
import { all, type Cells, forRows, runRows, type Script } from "../database/script.ts";

/**
 * Files to be removed now. A run that was at work when a file was doomed may have its name from before, however long
 * ago that is: its files wait until it has ended, or has not been heard of for a grace.
 */
export function* doomedFiles(scope: Scope, graceMs: number, limit: number): Script<readonly DoomedFile[]> {
  return yield* all<DoomedFile>(
    `select d.store, d.file from doomed_file d
     where d.project_id = ? and d.doomed_at <= {now} - ?
       and d.doomed_at < coalesce((
         select min(r.started_at) from run r
         where r.project_id = ? and r.ended_at is null and r.lease_expires_at > {now} - ?), 9007199254740991)
       and not exists (select 1 from shared_file s where s.store = d.store and s.file = d.file)
     order by d.doomed_at limit ?`,
    scope.projectId,
    graceMs,
    scope.projectId,
    graceMs,
    limit,
  );
}

export function* forgetFiles(scope: Scope, files: readonly DoomedFile[]): Script<void> {
  yield* runRows(
    `with r as {rows store text, file text}
     delete from doomed_file where project_id = ? and (store, file) in (select store, file from r)`,
    files.map(({ store, file }): Cells => [store, file]),
    scope.projectId,
  );
}

/**
 * What an op gave is living as long as its step has it. A version is taken for living until a grace after it was condemned: what it had goes in the order that state knows. So
 * is a pack that is being written.
 */
export function* livingVersions(ids: readonly string[], graceMs: number): Script<ReadonlySet<string>> {
  const rows = yield* forRows<{ id: string }>(
    `with r as {rows id text}
     select v.id from r {join} version v on v.id = r.id
     where v.condemned_at is null or v.condemned_at > {now} - ?
     union all select p.id from r {join} intended_pack p on p.id = r.id
     union all select s.value_id as id from r {join} step s on s.value_id = r.id`,
    ids.map((id) => [id]),
    graceMs,
  );
  return new Set(rows.map(({ id }) => id));
}

export function* knownFiles(files: readonly DoomedFile[]): Script<ReadonlySet<string>> {
  const rows = yield* forRows<{ file: string }>(
    `with r as {rows store text, file text}
     select r.file from r
     where exists (select 1 from shared_file s where s.store = r.store and s.file = r.file)
       or exists (select 1 from doomed_file d where d.store = r.store and d.file = r.file)`,
    files.map(({ store, file }): Cells => [store, file]),
  );
  return new Set(rows.map(({ file }) => file));
}
