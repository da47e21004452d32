import type { Log } from "../../core/asset/run-context.ts";
import { keepMetadata } from "../../core/metadata/keep-metadata.ts";
import type { StoredMetadata } from "../../core/metadata/metadata-value.ts";
import type { ResourceSession } from "../../ports/resource-pool.ts";
import type { Statement } from "../../ports/table-engine.ts";

/** What a check in TypeScript is told beside its handles. */
export interface CheckCircumstances {
  readonly log: Log;
  readonly attempt: number;
  readonly runId: string;
  readonly snapshot: number;
  readonly partition: Statement["partition"];
  /** Where instances of what it works with come from. */
  readonly resources: ResourceSession;
}

/** What a check keeps with `metadata` while it runs. */
export interface KeptByCheck {
  metadata: StoredMetadata;
}

/** The second argument of its `run`. What it keeps with `metadata` is collected in `kept`. @param names of what it answers */
export function checkContext(
  { log, attempt, runId, snapshot, partition }: CheckCircumstances,
  signal: AbortSignal,
  kept: KeptByCheck,
  names: string,
): object {
  return Object.freeze({
    log,
    signal,
    attempt,
    run: { id: runId, snapshot },
    metadata: (values: unknown) => {
      kept.metadata = keepMetadata(kept.metadata, values, names);
    },
    ...(partition === undefined ? {} : { partition }),
  });
}
