import type { RunSummary } from "../../control/runs/run-summary.ts";
import type { StepStatus } from "../../core/run/run.ts";
import { paint } from "../text/paint.ts";

/** A status in its colour. */
export function paintStatus(status: RunSummary["status"] | StepStatus): string {
  if (status === "success") return paint("green", status);
  if (status === "failure" || status === "interrupted") return paint("red", status);
  return status === "running" || status === "canceled" ? paint("yellow", status) : paint("dim", status);
}
