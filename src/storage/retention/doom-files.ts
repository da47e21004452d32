import type { Location } from "../../core/catalog/version.ts";
import { fileOf } from "../../core/catalog/stored-rows.ts";
import { type Cells, forRows, run, runRows, type Script } from "../database/script.ts";

export interface StoredFile {
  readonly store: string;
  readonly file: string;
}

export function filesOf(location: string | null): readonly StoredFile[] {
  if (location === null) return [];
  const parsed = JSON.parse(location) as Location;
  if (!("files" in parsed)) return [];
  const files = new Set(parsed.files.map(fileOf));
  return [...files].map((file) => ({ store: parsed.store, file }));
}

/**
 * Notes the files that versions have in common: those that lie under another version's id than their own (N2), for that
 * version as well. Most versions share nothing, and cost nothing here.
 *
 * Keeps the project's row where something is shared: who moves the other version off the file at the same time would
 * not see the note, which nobody would take back then.
 */
export function* noteSharedFiles(
  projectId: number,
  versions: readonly { readonly id: string; readonly location: Location }[],
): Script<void> {
  const shared: Cells[] = [];
  const owners = new Map<string, readonly Cells[]>();
  for (const { id, location } of versions) {
    if (!("files" in location)) continue;
    for (const file of new Set(location.files.map(fileOf))) {
      const segments = file.split("/");
      if (segments.includes(id)) continue;
      shared.push([location.store, file, id]);
      owners.set(
        file,
        segments.map((segment) => [location.store, file, segment]),
      );
    }
  }
  if (shared.length === 0) return;
  yield* run("select id from project where id = ? {lock}", projectId);
  yield* insertShared([...owners.values()].flat());
  yield* insertShared(shared);
}

/** Of versions that have them, and not of one that has let go of a file since (N1): that would keep it for ever. */
function insertShared(rows: readonly Cells[]): Script<void> {
  return runRows(
    `with r as {rows store text, file text, version_id text}
     insert into shared_file (store, file, version_id)
     select r.store, r.file, v.id
     from r {join} version v on v.id = r.version_id and v.condemned_at is null and v.location like '%' || r.file || '%'
     where true
     on conflict (store, file, version_id) do nothing`,
    rows,
  );
}

/**
 * Versions that let go of files: those that no other version shares are doomed, and given.
 *
 * Whoever calls it keeps the project's row, so that of two versions that let go of a file at once one sees the other.
 */
export function* doomFiles(
  projectId: number,
  letGo: readonly { readonly versionId: string; readonly files: readonly StoredFile[] }[],
  now: number,
): Script<readonly StoredFile[]> {
  const rows = letGo.flatMap(({ versionId, files }) =>
    files.map(({ store, file }): Cells => [store, file, versionId]),
  );
  yield* runRows(
    `with r as {rows store text, file text, version_id text}
     delete from shared_file where (store, file, version_id) in (select store, file, version_id from r)`,
    rows,
  );
  const doomed = yield* unsharedFiles(
    letGo.flatMap(({ files }) => files),
    [],
  );
  yield* runRows(
    `with r as {rows store text, file text}
     insert into doomed_file (project_id, store, file, doomed_at) select ?, store, file, ? from r where true
     on conflict (project_id, store, file) do update set doomed_at = excluded.doomed_at`,
    doomed.map(({ store, file }): Cells => [store, file]),
    projectId,
    now,
  );
  return doomed;
}

/** Files that no version shares, but perhaps those named. */
export function* unsharedFiles(
  files: readonly StoredFile[],
  but: readonly string[],
): Script<readonly StoredFile[]> {
  const unique = new Map(files.map((file) => [nameOf(file), file]));
  const except = new Set(but);
  const rows = yield* forRows<{ store: string; file: string; version_id: string }>(
    `with r as {rows store text, file text}
     select s.store, s.file, s.version_id from r {join} shared_file s on s.store = r.store and s.file = r.file`,
    [...unique.values()].map(({ store, file }): Cells => [store, file]),
  );
  for (const row of rows) if (!except.has(row.version_id)) unique.delete(nameOf(row));
  return [...unique.values()];
}

/** One text for a file of a store. */
export function nameOf({ store, file }: StoredFile): string {
  return `${store}\0${file}`;
}
