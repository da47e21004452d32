import type { JobDefinition } from "../../core/job/job-definition.ts";
import { MillraceError } from "../../core/errors.ts";
import { PartitionSpace } from "../../core/partition/space.ts";
import type { JobPartition } from "../../ports/job-work.ts";
import type { ControlContext } from "../control-context.ts";

/**
 * The partition that a run of a job is about.
 *
 * @throws JOB_PARTITION_NEEDED, JOB_UNPARTITIONED, PARTITION_UNKNOWN
 */
export function jobPartition(
  { name, partitions }: JobDefinition,
  key: string | undefined,
  { clock }: Pick<ControlContext, "clock">,
): JobPartition | undefined {
  if (partitions.kind === "none") {
    if (key === undefined) return undefined;
    throw new MillraceError("JOB_UNPARTITIONED", { job: name, partition: key });
  }
  const space = new PartitionSpace(partitions);
  const now = clock.now();
  const [first, last] = [space.at(0, now), space.at(-1, now)].map((ordinal) =>
    ordinal === undefined ? "" : (space.keyOf(ordinal) ?? ""),
  );
  const all = first === last ? String(first) : `${String(first)}..${String(last)}`;
  if (key === undefined) throw new MillraceError("JOB_PARTITION_NEEDED", { job: name, known: all });
  const ordinal = space.ordinalOf(key, now);
  if (ordinal === undefined)
    throw new MillraceError("PARTITION_UNKNOWN", { partition: key, key: name, known: all });
  return { key, ...space.windowOf(ordinal) };
}
