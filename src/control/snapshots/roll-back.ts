import { counted } from "../../core/counted.ts";
import { MillraceError } from "../../core/errors.ts";
import type { PartitionRequest } from "../../core/plan/wanted-ranges.ts";
import type { MovedPlace } from "../../ports/check-runner.ts";
import type { RollbackRequest as StoredRequest, RollbackResult } from "../../ports/state/hold-store.ts";
import type { ControlContext } from "../control-context.ts";
import { holdTargets } from "./hold-targets.ts";
import { isBroken, type Move, moveChecked, type MoveChecks, type MoveOptions } from "./move-checked.ts";
import { type NamedPlace, namedPlace } from "./named-places.ts";
import { resolveSnapshot } from "./resolve-snapshot.ts";

export interface RollbackRequest {
  readonly selection: string;
  readonly partitions?: PartitionRequest;
  /** A snapshot: number, token, pinned name or time. Instead of it `version`, or neither: the version before. */
  readonly to?: string;
  /** A version's id or the beginning of it; the selection is then one asset. */
  readonly version?: string;
  readonly by: string;
  readonly reason: string;
  /** Also where a served endpoint cannot read what it goes back to (N20), or a check of a whole asset fails (N19). */
  readonly force?: boolean;
  /** Say what would move, and move nothing. */
  readonly dryRun?: boolean;
}

export interface Rollback extends MoveChecks {
  readonly dryRun: boolean;
  readonly forced: boolean;
  /** True for a dry run of what a blocking check would keep from moving. */
  readonly refused: boolean;
  /** The snapshot that the rollback made; of a dry run the newest there is. */
  readonly snapshot: number;
  readonly by: string;
  readonly reason: string;
  readonly moved: readonly (NamedPlace & {
    /** Undefined where there was nothing, or is nothing now. */
    readonly from: string | undefined;
    readonly to: string | undefined;
  })[];
}

/**
 * Points a selection back to what it was, in one publish, and holds it there until it is released (N17). First the checks
 * of whole assets are asked of what they become (N19).
 *
 * @throws ROLLBACK_NOTHING, ROLLBACK_IMPOSSIBLE, SNAPSHOT_INVALID, SNAPSHOT_NOT_FOUND, SNAPSHOT_GONE, SELECTION_TOO_WIDE,
 *   VERSION_NOT_FOUND, VERSION_AMBIGUOUS, VERSION_NEVER_CURRENT, SCHEMA_MIXED, CONTRACT_BROKEN, CHECK_BROKEN, CHECKS_OVERTAKEN;
 *   nothing has moved then
 */
export async function rollBack(
  request: RollbackRequest,
  context: ControlContext,
  options: MoveOptions = {},
): Promise<Rollback> {
  const { selection, partitions, version, by, reason, dryRun = false, force = false } = request;
  const targets = await holdTargets(selection, partitions, context);
  if (version !== undefined && targets.length > 1) {
    const assets = counted(targets.length, "asset");
    throw new MillraceError("SELECTION_TOO_WIDE", { selection, assets, reason: "a version is one asset's" });
  }
  const to = await goal(request, context);
  const { state, scope } = context;
  const move: Move<RollbackResult> = {
    targets,
    force,
    dryRun,
    run: (how) => state.holds.rollBack(scope, { targets, to, by, reason, force, ...how }),
    placesOf: ({ moves }) => placesOf(moves, context),
  };
  const { result, checks, unasked } = await moveChecked(move, context, options);
  const { snapshot, moves } = result;
  if (moves.length === 0) throw new MillraceError("ROLLBACK_NOTHING", { selection, where: whereOf(to) });
  return {
    dryRun,
    forced: force,
    refused: dryRun && !force && checks.some(isBroken),
    snapshot,
    by,
    reason,
    checks,
    unasked,
    moved: moves.map((move) => ({
      ...namedPlace(move.key, move.range, context),
      from: move.from,
      to: move.to,
    })),
  };
}

async function placesOf(
  moves: RollbackResult["moves"],
  { state, graph }: ControlContext,
): Promise<readonly MovedPlace[]> {
  const versions = await state.catalog.versionsWithIds(moves.flatMap(({ to }) => to ?? []));
  return moves.flatMap(({ key, range, to }) => {
    const asset = graph.byKey.get(key);
    return asset === undefined ? [] : [{ asset, range, version: versions.get(to ?? "") }];
  });
}

async function goal({ to, version }: RollbackRequest, context: ControlContext): Promise<StoredRequest["to"]> {
  if (version !== undefined) return { versionId: version };
  return to === undefined ? "earlier" : { snapshot: (await resolveSnapshot(to, context)).number };
}

function whereOf(to: StoredRequest["to"]): string {
  if (to === "earlier") return "before";
  return "snapshot" in to ? `at snapshot ${to.snapshot}` : `with version ${to.versionId}`;
}
