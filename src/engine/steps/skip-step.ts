import type { SkipCause } from "../../core/run/run.ts";
import type { Execution } from "../execution.ts";

/** Neither made nor failed: nothing to do, or something that it reads is not there. */
export async function skipStep(
  step: string,
  reason: string,
  cause: SkipCause,
  { writer, options }: Execution,
): Promise<void> {
  await writer.write([{ change: "step.skipped", step, reason, cause }]);
  options.report({ progress: "step.skipped", step, reason });
}
