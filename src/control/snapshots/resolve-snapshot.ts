import { parseSnapshotRef } from "../../core/catalog/snapshot-ref.ts";
import type { CatalogHead } from "../../ports/state/catalog-store.ts";
import type { ControlContext } from "../control-context.ts";

/**
 * The snapshot that somebody names by number, token, pinned name or time; the newest where nobody names one.
 *
 * @throws SNAPSHOT_INVALID, SNAPSHOT_NOT_FOUND, SNAPSHOT_GONE
 */
export function resolveSnapshot(
  asOf: string | undefined,
  { state, scope }: ControlContext,
): Promise<CatalogHead> {
  return asOf === undefined
    ? state.catalog.head(scope)
    : state.snapshots.resolve(scope, parseSnapshotRef(asOf));
}
