import { MillraceError } from "../../core/errors.ts";
import type { Scope } from "../../ports/state/project-store.ts";
import { all, first, type Script } from "../database/script.ts";

/** Is all there of these assets, or of any? @throws SNAPSHOT_GONE */
export function* requireSnapshot(scope: Scope, snapshot: number, assetIds?: readonly number[]): Script<void> {
  const row = yield* first<{ partial: number }>(
    "select partial from snapshot where environment_id = ? and number = ?",
    scope.environmentId,
    snapshot,
  );
  if (row === undefined) {
    const { base } = scope;
    if (base === undefined || snapshot >= base.snapshot)
      throw new MillraceError("SNAPSHOT_GONE", { snapshot });
    yield* requireSnapshot(base.scope, snapshot, assetIds);
    return;
  }
  if (row.partial === 0) return;
  const wanted = assetIds === undefined ? undefined : new Set(assetIds);
  const gone = yield* all<{ asset_id: number; key: string }>(
    `select h.asset_id, a.key from asset_horizon h join asset a on a.id = h.asset_id
     where h.environment_id = ? and h.number > ? order by a.key`,
    scope.environmentId,
    snapshot,
  );
  const lacked = gone.find(({ asset_id }) => wanted?.has(asset_id) ?? true);
  if (lacked !== undefined)
    throw new MillraceError("SNAPSHOT_GONE", { snapshot: `${snapshot} of ${lacked.key}` });
}
