import type { StepRecord } from "../../core/run/run.ts";
import type { CommittedOp, EarlierOps } from "../../ports/job-work.ts";
import type { ControlContext } from "../control-context.ts";

/** What earlier processes of a run have come to with its ops. */
export async function earlierOps(
  runId: string,
  { state }: Pick<ControlContext, "state">,
): Promise<EarlierOps> {
  return opsAmong(await state.runs.steps(runId));
}

/** The same, of steps that are read already. */
export function opsAmong(recorded: readonly StepRecord[]): EarlierOps {
  return {
    recorded: new Set(recorded.map(({ key }) => key)),
    committed: new Map(recorded.flatMap(committedOp)),
  };
}

function committedOp({
  key,
  status,
  outputs,
  skipped,
  versions,
}: StepRecord): readonly (readonly [string, CommittedOp])[] {
  if (outputs.length > 0 || versions === undefined) return [];
  if (status === "success") return [[key, { status, ...versions }]];
  return status === "skipped" && skipped === "author" ? [[key, { status, ...versions }]] : [];
}
