import type { AssetRegistration, RegisteredAsset, Scope } from "../../ports/state/project-store.ts";
import { MillraceError } from "../../core/errors.ts";
import { all, forRows, run, runRows, type Script } from "../database/script.ts";

/** What is registered, if nothing of it is new or changed. */
export function* readRegistered(
  scope: Scope,
  assets: readonly AssetRegistration[],
): Script<ReadonlyMap<string, RegisteredAsset> | undefined> {
  const known = yield* readKnown(scope, assets);
  if (renames(assets, known).length > 0) return undefined;
  const registered = new Map<string, RegisteredAsset>();
  const rows = rowsOf(assets, known);
  for (const { key, space } of assets) {
    const asset = rows.get(key);
    const spaceId = known.spaces.get(space.identity);
    if (asset === undefined || spaceId === undefined || asset.space_id !== spaceId) return undefined;
    const ordinals = known.ordinals.get(spaceId);
    if (space.keys?.some((name) => ordinals?.has(name) !== true) === true) return undefined;
    registered.set(key, {
      assetId: asset.id,
      recordedAs: asset.key,
      spaceId,
      ...(space.keys === undefined ? {} : { ordinals: ordinals ?? new Map<string, number>() }),
    });
  }
  return registered;
}

/** Gives everything that is new an id. In order of key, so that two processes at once wait for each other in one order. */
export function* registerAssets(
  scope: Scope,
  assets: readonly AssetRegistration[],
): Script<ReadonlyMap<string, RegisteredAsset>> {
  yield* runRows(
    `with r as {rows identity text} insert into partition_space (project_id, identity)
     select ?, identity from r where true on conflict (project_id, identity) do nothing`,
    [...new Set(assets.map(({ space }) => space.identity))].sort().map((identity) => [identity]),
    scope.projectId,
  );
  yield* renameAssets(scope, assets);
  const rows = rowsOf(assets, yield* readKnown(scope, assets));
  yield* runRows(
    `with r as {rows id integer, identity text} update asset set space_id = s.id
     from r join partition_space s on s.identity = r.identity
     where asset.id = r.id and s.project_id = asset.project_id and asset.space_id <> s.id`,
    [...assets].flatMap(({ key, space }) => {
      const row = rows.get(key);
      return row === undefined || row.key === key ? [] : [[row.id, space.identity]];
    }),
  );
  yield* runRows(
    `with r as {rows key text, identity text}
     insert into asset (project_id, key, space_id, created_at)
     select s.project_id, r.key, s.id, {now}
     from r {join} partition_space s on s.project_id = ? and s.identity = r.identity where true
     order by r.key
     on conflict (project_id, key) do update set space_id = excluded.space_id where asset.space_id <> excluded.space_id`,
    [...assets]
      .filter(({ key }) => rows.get(key)?.key === key || !rows.has(key))
      .sort((a, b) => (a.key < b.key ? -1 : 1))
      .map(({ key, space }) => [key, space.identity]),
    scope.projectId,
  );
  yield* registerKeys(scope, assets);
  const registered = yield* readRegistered(scope, assets);
  if (registered === undefined)
    throw new MillraceError("INTERNAL", { reason: "assets could not be registered" });
  return registered;
}

/** An asset's row goes on under its new key; the old one stays known. */
function* renameAssets(scope: Scope, assets: readonly AssetRegistration[]): Script<void> {
  if (assets.every(({ renamedFrom }) => renamedFrom === undefined)) return;
  yield* run("select id from project where id = ? {lock}", scope.projectId);
  const renamed = renames(assets, yield* readKnown(scope, assets));
  yield* runRows(
    "with r as {rows id integer, key text} update asset set key = r.key from r where asset.id = r.id",
    renamed.map(({ id, to }) => [id, to]),
  );
  yield* runRows(
    "with r as {rows key text} delete from asset_alias where project_id = ? and key in (select key from r)",
    renamed.map(({ to }) => [to]),
    scope.projectId,
  );
  yield* runRows(
    `with r as {rows key text, asset_id integer} insert into asset_alias (project_id, key, asset_id)
     select ?, key, asset_id from r where true
     on conflict (project_id, key) do update set asset_id = excluded.asset_id`,
    renamed.map(({ id, from }) => [from, id]),
    scope.projectId,
  );
}

/** What is to be renamed: an asset whose new key nobody has yet, and whose old key somebody has. */
function renames(
  assets: readonly AssetRegistration[],
  known: Known,
): readonly { readonly id: number; readonly from: string; readonly to: string }[] {
  return assets.flatMap(({ key, renamedFrom }) => {
    const before = renamedFrom === undefined ? undefined : known.assets.get(renamedFrom);
    const taken = known.assets.has(key) || (known.aliases.get(key) ?? before?.id) !== before?.id;
    if (before === undefined || taken) return [];
    return [{ id: before.id, from: before.key, to: key }];
  });
}

/** The row of each key: its own, or that of an asset which had the key before and which nobody names by its new one. */
function rowsOf(assets: readonly AssetRegistration[], known: Known): ReadonlyMap<string, AssetRow> {
  const byId = new Map([...known.assets.values()].map((row) => [row.id, row]));
  const named = new Set(assets.map(({ key }) => key));
  return new Map(
    assets.flatMap(({ key }): [string, AssetRow][] => {
      const own = known.assets.get(key);
      if (own !== undefined) return [[key, own]];
      const renamed = byId.get(known.aliases.get(key) ?? -1);
      return renamed === undefined || named.has(renamed.key) ? [] : [[key, renamed]];
    }),
  );
}

/** The project's row is the lock: ordinals are handed out by one process at a time. */
function* registerKeys(scope: Scope, assets: readonly AssetRegistration[]): Script<void> {
  yield* run("select id from project where id = ? {lock}", scope.projectId);
  const { spaces, ordinals } = yield* readKnown(scope, assets);
  const added: [number, number, string][] = [];
  for (const { space } of assets) {
    const spaceId = spaces.get(space.identity);
    if (space.keys === undefined || spaceId === undefined) continue;
    const known = ordinals.get(spaceId) ?? new Map<string, number>();
    ordinals.set(spaceId, known);
    for (const key of space.keys) {
      if (known.has(key)) continue;
      // Keys are never removed, so their number is the next ordinal.
      added.push([spaceId, known.size, key]);
      known.set(key, known.size);
    }
  }
  yield* runRows(
    `with r as {rows space_id integer, ordinal integer, key text}
     insert into partition_key (space_id, ordinal, key, created_at) select space_id, ordinal, key, {now} from r`,
    added,
  );
}

interface AssetRow {
  readonly id: number;
  readonly key: string;
  readonly space_id: number;
}

interface Known {
  readonly assets: ReadonlyMap<string, AssetRow>;
  /** Ids of assets by keys that they had before. */
  readonly aliases: ReadonlyMap<string, number>;
  readonly spaces: ReadonlyMap<string, number>;
  /** By space, then by key. */
  readonly ordinals: Map<number, Map<string, number>>;
}

function* readKnown(scope: Scope, assets: readonly AssetRegistration[]): Script<Known> {
  const aliases = yield* all<{ key: string; asset_id: number }>(
    "select key, asset_id from asset_alias where project_id = ?",
    scope.projectId,
  );
  const rows = yield* all<AssetRow>(
    "select id, key, space_id from asset where project_id = ?",
    scope.projectId,
  );
  const spaceRows = yield* all<{ id: number; identity: string }>(
    "select id, identity from partition_space where project_id = ?",
    scope.projectId,
  );
  const spaces = new Map(spaceRows.map(({ id, identity }) => [identity, id]));
  const keyed = assets
    .filter(({ space }) => space.keys !== undefined)
    .map(({ space }) => spaces.get(space.identity));
  const keyRows = yield* forRows<{ space_id: number; ordinal: number; key: string }>(
    `with r as {rows space_id integer}
     select k.space_id, k.ordinal, k.key from r {join} partition_key k on k.space_id = r.space_id
     order by k.space_id, k.ordinal`,
    [...new Set(keyed)].filter((id) => id !== undefined).map((id) => [id]),
  );
  const ordinals = new Map<number, Map<string, number>>();
  for (const { space_id, ordinal, key } of keyRows) {
    const keys = ordinals.get(space_id) ?? new Map<string, number>();
    ordinals.set(space_id, keys.set(key, ordinal));
  }
  return {
    assets: new Map(rows.map((row) => [row.key, row])),
    aliases: new Map(aliases.map(({ key, asset_id }) => [key, asset_id])),
    spaces,
    ordinals,
  };
}
