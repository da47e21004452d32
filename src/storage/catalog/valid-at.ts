import type { Scope } from "../../ports/state/project-store.ts";
import { asTable, type Param } from "../database/script.ts";

interface ValidRows {
  /** Begins the statement. */
  readonly rows: string;
  readonly source: string;
  readonly params: readonly Param[];
}

/**
 * The rows of a table that hold at a snapshot or now, of some assets or all. Those that are still open and those that
 * ended later are found by an index of their own, so neither the length of the history nor the assets not asked for
 * cost anything.
 */
export function validAt(
  table: "pointer" | "asset_aggregate",
  scope: Scope,
  at: number | "now",
  assetIds: readonly number[] | undefined,
): ValidRows {
  const of =
    assetIds === undefined
      ? `from ${table} t where`
      : `from r {join} ${table} t on t.asset_id = r.asset_id and`;
  const open = `select t.* ${of} t.environment_id = ? and t.valid_to is null`;
  const then = `${open} and t.valid_from <= ?
    union all
    select t.* ${of} t.environment_id = ? and t.valid_to > ? and t.valid_from <= ?`;
  const source = `(${at === "now" ? open : then})`;
  const own = scope.environmentId;
  const params = at === "now" ? [own] : [own, at, own, at, at];
  if (assetIds === undefined) return { rows: "", source, params };
  const ids = asTable([...new Set(assetIds)].map((id) => [id]));
  return { rows: "with r as {rows asset_id integer}", source, params: [ids, ...params] };
}
