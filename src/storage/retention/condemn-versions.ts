import type { Collected } from "../../ports/state/retention-store.ts";
import type { Scope } from "../../ports/state/project-store.ts";
import { doomFiles, filesOf, nameOf } from "./doom-files.ts";
import { freedBytes } from "./freed-bytes.ts";
import { forRows, run, type Script } from "../database/script.ts";

export const nothingCollected: Collected = { snapshots: 0, versions: 0, files: 0, bytes: 0 };

export interface CondemnableVersion {
  readonly id: string;
  readonly location: string | null;
  readonly bytes: number | null;
}

/** Of versions that have lost a pointer, those that have none left. */
export function* unpointedVersions(versionIds: readonly string[]): Script<readonly CondemnableVersion[]> {
  return yield* forRows<CondemnableVersion>(
    `with r as {rows id text}
     select v.id, v.location, v.bytes from r {join} version v on v.id = r.id
     where v.condemned_at is null
       and not exists (select 1 from pointer p where p.version_id = v.id and p.condemned_at is null)`,
    [...new Set(versionIds)].map((id) => [id]),
  );
}

/** From now on nobody can begin to read them; their files are doomed unless another version has them too. */
export function* condemnVersions(
  scope: Scope,
  versions: readonly CondemnableVersion[],
  now: number,
): Script<Collected> {
  if (versions.length === 0) return nothingCollected;
  yield* run("select id from project where id = ? {lock}", scope.projectId);
  // As it lies now: somebody may have rewritten locations since the versions were found (N1).
  const condemned = yield* forRows<CondemnableVersion>(
    `with r as {rows version_id text} update version set condemned_at = ? from r
     where version.id = r.version_id and version.condemned_at is null
     returning id, location, bytes`,
    versions.map(({ id }) => [id]),
    now,
  );
  const doomed = yield* doomFiles(
    scope.projectId,
    condemned.map(({ id, location }) => ({ versionId: id, files: filesOf(location) })),
    now,
  );
  return {
    snapshots: 0,
    versions: condemned.length,
    files: doomed.length,
    bytes: freedBytes(condemned, new Set(doomed.map(nameOf))),
  };
}
