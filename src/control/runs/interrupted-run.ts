import { MillraceError } from "../../core/errors.ts";
import type { ClaimPolicy } from "../../core/run/claim-policy.ts";
import type { RunRecord } from "../../core/run/run.ts";
import type { ControlContext } from "../control-context.ts";
import { isForsaken } from "./is-forsaken.ts";

/** Which runs may be gone on with. */
export interface ContinuePolicy {
  readonly claims: ClaimPolicy;
  /** Also one that has failed. */
  readonly fromFailure: boolean;
}

/**
 * The newest run of this identity, if nobody is at work on it and it has not succeeded.
 *
 * @throws RUN_ACTIVE when it is at work, unless claims are to be given way to
 */
export async function interruptedRun(
  identity: string,
  { claims, fromFailure }: ContinuePolicy,
  context: ControlContext,
): Promise<RunRecord | undefined> {
  const run = await context.state.runs.latest(context.scope, identity);
  if (run === undefined || run.status === "success") return undefined;
  if (run.status === "failure") return fromFailure ? run : undefined;
  if (run.status === "canceled" || run.owner === undefined || (await isForsaken(run, context))) return run;
  // Whoever gives way to its claims may begin a run of the same beside it.
  if (claims !== "fail") return undefined;
  const process = `${run.owner.pid} on ${run.owner.host}`;
  throw new MillraceError("RUN_ACTIVE", { run: run.id, process });
}
