import { MillraceError } from "../../core/errors.ts";
import type { PartitionRequest } from "../../core/plan/wanted-ranges.ts";
import type { MovedPlace } from "../../ports/check-runner.ts";
import type { HoldTarget, ReleaseResult } from "../../ports/state/hold-store.ts";
import type { ControlContext } from "../control-context.ts";
import { holdTargets } from "./hold-targets.ts";
import { type Move, moveChecked, type MoveChecks, type MoveOptions } from "./move-checked.ts";
import { type NamedPlace, namedPlace } from "./named-places.ts";

export interface ReleaseRequest {
  readonly selection: string;
  readonly partitions?: PartitionRequest;
  readonly by: string;
  readonly reason: string;
  /** Publish the newest version that waits at each place. */
  readonly publish?: boolean;
  /** Publish also where a served endpoint cannot read what waits (N20), or a check of a whole asset fails (N19). */
  readonly force?: boolean;
}

export interface Release extends MoveChecks {
  readonly forced: boolean;
  readonly released: readonly NamedPlace[];
  /** The snapshot that it made; undefined when nothing was published. */
  readonly snapshot: number | undefined;
  readonly published: readonly string[];
  /** Versions that waited and came too late (N15). */
  readonly superseded: readonly string[];
  /** Versions that were left staged meanwhile, and still are. */
  readonly waiting: readonly string[];
}

/**
 * Ends holds (N17). What is current stays current, unless `publish` is asked for; then the checks of whole assets are asked
 * first of what they become (N19).
 *
 * @throws RELEASE_NOTHING, SCHEMA_MIXED, CONTRACT_BROKEN, CHECK_BROKEN, CHECKS_OVERTAKEN; what was held is held then
 */
export async function release(
  request: ReleaseRequest,
  context: ControlContext,
  options: MoveOptions = {},
): Promise<Release> {
  const { selection, partitions, by, reason, publish = false, force = false } = request;
  const { state, scope } = context;
  const targets = await holdTargets(selection, partitions, context);
  const ending = { targets, by, reason, publish, force };
  const move: Move<ReleaseResult> = {
    // Without a publish nothing moves.
    targets: publish ? targets : [],
    force,
    dryRun: false,
    run: (how) => state.holds.release(scope, { ...ending, ...how }),
    placesOf: ({ published }) => placesOf(published, targets, context),
  };
  const { result, checks, unasked } = await moveChecked(move, context, options);
  if (result.released.length === 0) throw new MillraceError("RELEASE_NOTHING", { selection });
  return {
    released: result.released.map(({ key, range }) => namedPlace(key, range, context)),
    snapshot: result.snapshot,
    published: result.published,
    superseded: result.superseded,
    waiting: result.waiting,
    forced: force,
    checks,
    unasked,
  };
}

async function placesOf(
  published: readonly string[],
  targets: readonly HoldTarget[],
  { state, graph }: ControlContext,
): Promise<readonly MovedPlace[]> {
  const keys = new Map(targets.map(({ assetId, key }) => [assetId, key]));
  const versions = await state.catalog.versionsWithIds(published);
  return published.flatMap((id) => {
    const version = versions.get(id);
    const asset = graph.byKey.get(keys.get(version?.assetId ?? 0) ?? "");
    return version === undefined || asset === undefined ? [] : [{ asset, range: version.range, version }];
  });
}
