import type { ControlContext } from "../control-context.ts";
import { summarizeRun, type RunSummary } from "./run-summary.ts";

export interface RunListing {
  /** Newest first. */
  readonly runs: readonly RunSummary[];
  /** Give it as `before` for the runs that come after these; absent on the last page. */
  readonly next: string | undefined;
}

export async function listRuns(
  options: { readonly limit: number; readonly before?: string },
  context: ControlContext,
): Promise<RunListing> {
  const { limit } = options;
  // One more than wanted tells whether there is another page.
  const records = await context.state.runs.list(context.scope, { ...options, limit: limit + 1 });
  const page = records.slice(0, limit);
  return {
    runs: page.map((run) => summarizeRun(run, context)),
    next: records.length > limit ? page.at(-1)?.id : undefined,
  };
}
