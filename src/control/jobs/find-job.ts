import { MillraceError } from "../../core/errors.ts";
import type { JobDefinition } from "../../core/job/job-definition.ts";
import { suggest } from "../../core/suggest.ts";
import type { ControlContext } from "../control-context.ts";

/** @throws JOB_NOT_FOUND, with names that may have been meant */
export function findJob(name: string, { project }: Pick<ControlContext, "project">): JobDefinition {
  const found = project.jobs.find((job) => job.name === name);
  if (found !== undefined) return found;
  const suggestions = suggest(
    name,
    project.jobs.map((job) => job.name),
  );
  throw new MillraceError("JOB_NOT_FOUND", { job: name }, { suggestions });
}
