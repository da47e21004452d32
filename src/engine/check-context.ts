import type { Log } from "../core/asset/run-context.ts";
import type { Statement } from "../ports/table-engine.ts";

/** What a check in TypeScript is told beside its handles. */
export interface CheckCircumstances {
  readonly log: Log;
  readonly attempt: number;
  readonly runId: string;
  readonly snapshot: number;
  readonly partition: Statement["partition"];
}

/** The second argument of its `run`. What it keeps with `metadata` is collected in the record given here. */
export function checkContext(
  { log, attempt, runId, snapshot, partition }: CheckCircumstances,
  signal: AbortSignal,
  metadata: Record<string, unknown>,
): object {
  return Object.freeze({
    log,
    signal,
    attempt,
    run: { id: runId, snapshot },
    metadata: (values: object) => void Object.assign(metadata, values),
    ...(partition === undefined ? {} : { partition }),
  });
}
