import type { StepRecord } from "../../core/run/run.ts";
import type { CommittedStep } from "../../ports/run-launcher.ts";

/** A step that need not run again. What was skipped because of something above is pending again. */
export function committedStep({ key, status, outputs, skipped }: StepRecord): readonly CommittedStep[] {
  return status === "success" || (status === "skipped" && skipped !== "dropped")
    ? [{ key, status, outputs, byAuthor: skipped === "author" }]
    : [];
}
