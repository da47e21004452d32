import { fileOf } from "../../core/catalog/stored-rows.ts";
import { storedIn, type Location } from "../../core/catalog/version.ts";
import type { Rewriting, Rewritten } from "../../ports/state/location-store.ts";
import type { Scope } from "../../ports/state/project-store.ts";
import { appendEvents } from "../events/append-events.ts";
import { doomFiles, filesOf, noteSharedFiles } from "../retention/doom-files.ts";
import { lockEnvironment } from "../environments/lock-environment.ts";
import { all, type Cells, forRows, run, runRows, type Script } from "../database/script.ts";

interface LocatedRow {
  readonly id: string;
  readonly location: string;
}

/** In the order in which publishes and collections lock: the environment, then the project. */
export function* rewriteLocations(
  scope: Scope,
  { asset, pack, bytes, moves }: Rewriting,
): Script<Rewritten | undefined> {
  const { now } = yield* lockEnvironment(scope);
  yield* run("select id from project where id = ? {lock}", scope.projectId);
  const intents = yield* all(
    "delete from intended_pack where id = ? and project_id = ? returning id",
    pack,
    scope.projectId,
  );
  if (intents.length === 0) return undefined;
  const moved = yield* movable(moves);
  if (moved.length === 0) return { versions: 0, files: 0 };
  yield* runRows(
    `with r as {rows id text, location text} update version set location = r.location
     from r where version.id = r.id`,
    moved.map(({ id, to }): Cells => [id, JSON.stringify(to)]),
  );
  yield* noteSharedFiles(
    scope.projectId,
    moved.map(({ id, to }) => ({ id, location: to })),
  );
  const letGo = moved.map(({ id, from, to }) => {
    const kept = new Set(storedIn(to).map(fileOf));
    return { versionId: id, files: filesOf(from).filter(({ file }) => !kept.has(file)) };
  });
  const doomed = yield* doomFiles(scope.projectId, letGo, now);
  yield* run("update project set arrangement = arrangement + 1 where id = ?", scope.projectId);
  const told = { versions: moved.length, files: doomed.length };
  yield* appendEvents(scope, now, [{ type: "asset.compacted", asset, data: { ...told, bytes } }]);
  return told;
}

interface Movable {
  readonly id: string;
  /** As it stands in state. */
  readonly from: string;
  readonly to: Location;
}

/** Versions that still lie where they are taken from, and those that share all of it with one of them (N4). */
function* movable(moves: Rewriting["moves"]): Script<readonly Movable[]> {
  const to = new Map(moves.map((move) => [JSON.stringify(move.from), move.to]));
  const named = yield* forRows<LocatedRow>(
    `with r as {rows id text}
     select v.id, v.location from r {join} version v on v.id = r.id
     where v.condemned_at is null and v.location is not null`,
    moves.map(({ versionId }) => [versionId]),
  );
  const files = new Map(
    named.flatMap(({ location }) => filesOf(location).map((file) => [`${file.store} ${file.file}`, file])),
  );
  const sharing = yield* forRows<LocatedRow>(
    `with r as {rows store text, file text}
     select v.id, v.location from r
     {join} shared_file s on s.store = r.store and s.file = r.file
     join version v on v.id = s.version_id
     where v.condemned_at is null and v.location is not null`,
    [...files.values()].map(({ store, file }): Cells => [store, file]),
  );
  const found = new Map([...named, ...sharing].map(({ id, location }) => [id, location]));
  return [...found].flatMap(([id, from]) => {
    const target = to.get(from);
    return target === undefined ? [] : [{ id, from, to: target }];
  });
}
