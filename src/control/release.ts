import { MillraceError } from "../core/errors.ts";
import type { PartitionRequest } from "../core/plan/wanted-ranges.ts";
import type { ControlContext } from "./control-context.ts";
import { holdTargets } from "./hold-targets.ts";
import { type NamedPlace, namedPlace } from "./named-places.ts";

export interface ReleaseRequest {
  readonly selection: string;
  readonly partitions?: PartitionRequest;
  readonly by: string;
  readonly reason: string;
  /** Publish the newest version that waits at each place. */
  readonly publish?: boolean;
}

export interface Release {
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
 * Ends holds (N17). What is current stays current, unless `publish` is asked for.
 *
 * @throws RELEASE_NOTHING
 */
export async function release(request: ReleaseRequest, context: ControlContext): Promise<Release> {
  const { selection, partitions, by, reason, publish = false } = request;
  const targets = await holdTargets(selection, partitions, context);
  const result = await context.state.holds.release(context.scope, { targets, by, reason, publish });
  if (result.released.length === 0) throw new MillraceError("RELEASE_NOTHING", { selection });
  return {
    released: result.released.map(({ key, range }) => namedPlace(key, range, context)),
    snapshot: result.snapshot,
    published: result.published,
    superseded: result.superseded,
    waiting: result.waiting,
  };
}
