import type { Retention } from "../core/catalog/retention.ts";
import type { Scope } from "../ports/state/project-store.ts";
import type { Collected } from "../ports/state/retention-store.ts";
import { assetsWithPast, type PointerPlace, unneededPointers } from "./condemn-pointers.ts";
import type { CondemnableVersion } from "./condemn-versions.ts";
import { filesOf, freedBytes, nameOf, unsharedFiles } from "./doom-files.ts";
import { type KeptSnapshots, readKeptSnapshots } from "./kept-snapshots.ts";
import { asTable, first, forRows, type Script } from "./script.ts";
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
  const versions = new Map<string, CondemnableVersion>();
  for (const asset of yield* assetsWithPast(scope, kept)) {
    for (const version of yield* unneededOf(scope, asset, kept)) versions.set(version.id, version);
  }
  for (let after: number | undefined = 0; after !== undefined;) {
    const found: { unneeded: readonly CondemnableVersion[]; next: number | undefined } =
      yield* unneededVersions(scope, retention, after, batch, now);
    for (const version of found.unneeded) versions.set(version.id, version);
    after = found.next;
  }
  const gone = [...versions.values()];
  const files = yield* unsharedFiles(
    gone.flatMap(({ location }) => filesOf(location)),
    [...versions.keys()],
  );
  const going = new Set(files.map(nameOf));
  return {
    snapshots: yield* expiring(scope, kept),
    versions: gone.length,
    files: files.length,
    bytes: gone.reduce((sum, version) => sum + freedBytes(version, going), 0),
  };
}

/** Versions of an asset that have a pointer which nobody needs, and none that somebody does. */
function* unneededOf(
  scope: Scope,
  asset: { readonly assetId: number; readonly horizon: number },
  kept: KeptSnapshots,
): Script<readonly CondemnableVersion[]> {
  const pointers = new Set<number>();
  const touched = new Set<string>();
  for (let after: PointerPlace | undefined = { validTo: 0, id: 0 }; after !== undefined;) {
    const found: readonly { id: number; valid_to: number; version_id: string | null }[] =
      yield* unneededPointers(scope, asset, kept.pinned, after, batch);
    for (const { id, version_id } of found) {
      pointers.add(id);
      if (version_id !== null) touched.add(version_id);
    }
    const last: { id: number; valid_to: number } | undefined =
      found.length < batch ? undefined : found.at(-1);
    after = last && { validTo: last.valid_to, id: last.id };
  }
  const rows = yield* forRows<CondemnableVersion & { readonly pointer: number }>(
    `with r as {rows id text}
     select v.id, v.location, v.bytes, p.id as pointer
     from r {join} version v on v.id = r.id join pointer p on p.version_id = v.id
     where v.condemned_at is null and p.condemned_at is null`,
    [...touched].map((id) => [id]),
  );
  return [...Map.groupBy(rows, ({ id }) => id).values()].flatMap((own) => {
    const [version] = own;
    return version !== undefined && own.every(({ pointer }) => pointers.has(pointer)) ? [version] : [];
  });
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
