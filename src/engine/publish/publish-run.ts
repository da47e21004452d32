import { MillraceError } from "../../core/errors.ts";
import { withheldSteps } from "../../core/plan/withheld-steps.ts";
import type { Execution, StepOutcome } from "../execution.ts";
import { publishSteps, type PublishedPart, type PublishPart } from "./publish-steps.ts";

/** What keeps a publish from taking place whatever is asked for, until the code or what is published changes. */
const refusals: ReadonlySet<string> = new Set(["SCHEMA_MIXED", "CONTRACT_BROKEN"]);

export function isRefusal(error: unknown): error is MillraceError {
  return error instanceof MillraceError && refusals.has(error.code);
}

/**
 * Publishes what the steps of a run have made, all in one transaction (N16). A publish that is refused ends the run:
 * what it made stays staged, and the same run goes on once it is allowed.
 */
export async function publishRun(
  part: PublishPart,
  made: ReadonlyMap<string, StepOutcome>,
  execution: Execution,
): Promise<PublishedPart> {
  const { options, lease, view } = execution;
  const hasFailed = [...made.values()].some(({ outcome }) => outcome === "failure");
  const withheld = hasFailed ? withheldSteps(part, view, options.known) : new Set<string>();
  const steps = part.steps.filter(({ key }) => !withheld.has(key));
  try {
    return await publishSteps({ ...part, steps }, made, execution);
  } catch (error) {
    if (isRefusal(error)) await options.state.runs.end(options.scope, lease, "failure", error.message);
    throw error;
  }
}
