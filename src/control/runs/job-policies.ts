import type { JobDefinition } from "../../core/job/job-definition.ts";
import { stepPolicy } from "../../core/run/step-policy.ts";
import type { RunRequest } from "../../ports/run-launcher.ts";

/** What a job says of all its runs; nothing where a run is none of a job. */
export function jobPolicies(
  job: JobDefinition | undefined,
): Pick<RunRequest, "policy" | "hooks" | "timeoutMs"> {
  if (job === undefined) return {};
  const { hooks, runTimeoutMs: timeoutMs } = job;
  return {
    policy: stepPolicy(job),
    ...(hooks === undefined ? {} : { hooks }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  };
}
