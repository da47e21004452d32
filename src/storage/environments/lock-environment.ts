import { MillraceError } from "../../core/errors.ts";
import type { Scope } from "../../ports/state/project-store.ts";
import { first, type Script } from "../database/script.ts";

export interface LockedEnvironment {
  readonly snapshot: number;
  readonly published_at: number;
  /** By the database's clock. */
  readonly now: number;
}

/**
 * Keeps the environment's row until the transaction ends, from whoever publishes in it, begins a run, collects, bases
 * another environment on it or drops it. @throws ENVIRONMENT_NOT_FOUND once it is dropped
 */
export function* lockEnvironment(scope: Scope): Script<LockedEnvironment> {
  const row = yield* first<LockedEnvironment & { readonly dropped_at: number | null }>(
    "select snapshot, published_at, dropped_at, {now} as now from environment where id = ? {lock}",
    scope.environmentId,
  );
  if (row === undefined) {
    throw new MillraceError("INTERNAL", { reason: `there is no environment ${scope.environmentId}` });
  }
  if (row.dropped_at !== null)
    throw new MillraceError("ENVIRONMENT_NOT_FOUND", { environment: scope.environment });
  return row;
}
