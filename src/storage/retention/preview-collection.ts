import type { Retention } from "../../core/catalog/retention.ts";
import type { Scope } from "../../ports/state/project-store.ts";
import type { Collected } from "../../ports/state/retention-store.ts";
import {
  assetsWithPast,
  type PointerPlace,
  type UnneededPointer,
  unneededPointers,
} from "./condemn-pointers.ts";
import type { CondemnableVersion } from "./condemn-versions.ts";
import { droppedEnvironments, droppedPointers, droppedVersions } from "./dropped-environments.ts";
import { filesOf, nameOf, unsharedFiles } from "./doom-files.ts";
import { freedBytes } from "./freed-bytes.ts";
import { type KeptSnapshots, readKeptSnapshots } from "./kept-snapshots.ts";
import { asTable, first, forRows, type Script } from "../database/script.ts";
import { unneededVersions } from "./unneeded-versions.ts";

const batch = 1000;

/** What a collection would come to, found by the same questions, and without keeping anybody from writing. */
export function* previewCollection(scope: Scope, retention: Retention): Script<Collected> {
  const clock = yield* first<{ now: number }>(
    "select {now} as now from project where id = ?",
    scope.projectId,
  );
  const now = clock?.now ?? 0;
  const kept = yield* readKeptSnapshots(scope, retention, now);
  const lost = new LostPointers();
  for (const asset of yield* assetsWithPast(scope, kept)) yield* collectPast(scope, asset, kept, lost);
  const dropped = yield* droppedEnvironments(scope, "needed");
  for (const environment of dropped) yield* collectDropped(environment, lost);
  const versions = new Map((yield* unpointed(lost)).map((version) => [version.id, version]));
  for (let after: number | undefined = 0; after !== undefined;) {
    const found: { unneeded: readonly CondemnableVersion[]; next: number | undefined } =
      yield* unneededVersions(scope, retention, after, batch, now);
    for (const version of found.unneeded) versions.set(version.id, version);
    after = found.next;
  }
  let expired = yield* expiring(scope, kept);
  for (const environment of dropped) {
    for (const version of yield* droppedVersions(environment, Number.MAX_SAFE_INTEGER))
      versions.set(version.id, version);
    expired += yield* countSnapshots(environment);
  }
  const gone = [...versions.values()];
  const files = yield* unsharedFiles(
    gone.flatMap(({ location }) => filesOf(location)),
    [...versions.keys()],
  );
  return {
    snapshots: expired,
    versions: gone.length,
    files: files.length,
    bytes: freedBytes(gone, new Set(files.map(nameOf))),
  };
}

/** Pointers that would go, and the versions that would lose them. */
class LostPointers {
  readonly ids = new Set<number>();
  readonly versionIds = new Set<string>();

  add({ id, version_id }: { readonly id: number; readonly version_id: string | null }): void {
    this.ids.add(id);
    if (version_id !== null) this.versionIds.add(version_id);
  }
}

function* collectPast(
  scope: Scope,
  asset: { readonly assetId: number; readonly horizon: number },
  kept: KeptSnapshots,
  lost: LostPointers,
): Script<void> {
  for (let after: PointerPlace | undefined = { validTo: 0, id: 0 }; after !== undefined;) {
    const found: readonly UnneededPointer[] = yield* unneededPointers(
      scope,
      asset,
      kept.pinned,
      after,
      batch,
    );
    for (const pointer of found) lost.add(pointer);
    const last: UnneededPointer | undefined = found.length < batch ? undefined : found.at(-1);
    after = last && { validTo: last.valid_to, id: last.id };
  }
}

function* collectDropped(scope: Scope, lost: LostPointers): Script<void> {
  for (let after: number | undefined = 0; after !== undefined;) {
    const found: readonly { readonly id: number; readonly version_id: string | null }[] =
      yield* droppedPointers(scope, after, batch);
    for (const pointer of found) lost.add(pointer);
    after = found.length < batch ? undefined : found.at(-1)?.id;
  }
}

/** Versions that would lose a pointer and have none left. */
function* unpointed(lost: LostPointers): Script<readonly CondemnableVersion[]> {
  const rows = yield* forRows<CondemnableVersion & { readonly pointer: number }>(
    `with r as {rows id text}
     select v.id, v.location, v.bytes, p.id as pointer
     from r {join} version v on v.id = r.id join pointer p on p.version_id = v.id
     where v.condemned_at is null and p.condemned_at is null`,
    [...lost.versionIds].map((id) => [id]),
  );
  return [...Map.groupBy(rows, ({ id }) => id).values()].flatMap((own) => {
    const [version] = own;
    return version !== undefined && own.every(({ pointer }) => lost.ids.has(pointer)) ? [version] : [];
  });
}

function* countSnapshots(scope: Scope): Script<number> {
  const row = yield* first<{ count: number }>(
    "select count(*) as count from snapshot where environment_id = ?",
    scope.environmentId,
  );
  return row?.count ?? 0;
}

function* expiring(scope: Scope, { horizon, pinned }: KeptSnapshots): Script<number> {
  const row = yield* first<{ count: number }>(
    `with k as {rows number integer}
     select count(*) as count from snapshot
     where environment_id = ? and number < ? and number not in (select number from k)`,
    asTable(pinned.map((number) => [number])),
    scope.environmentId,
    horizon,
  );
  return row?.count ?? 0;
}
