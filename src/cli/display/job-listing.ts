import type { JobPartitions, JobSummary } from "../../control/jobs/list-jobs.ts";
import { counted, thousands } from "../../core/counted.ts";
import { paint } from "../text/paint.ts";
import { relativeTime } from "../text/relative-time.ts";
import { formatTable } from "../text/table.ts";
import { paintStatus } from "./status-text.ts";

/** What `millrace job ls` prints. */
export function jobListing(jobs: readonly JobSummary[], now: number): readonly string[] {
  if (jobs.length === 0) return ["no jobs yet; job in a definition file makes one"];
  return formatTable(
    [
      { title: "job" },
      { title: "does" },
      { title: "partitions" },
      { title: "config" },
      { title: "last run" },
      { title: "status" },
    ],
    jobs.map((job) => [
      paint("bold", job.name),
      doesText(job),
      job.partitions === undefined ? "" : jobPartitionsText(job.partitions),
      job.config.join(", "),
      job.lastRun === undefined ? "never" : relativeTime(job.lastRun.createdAt, now),
      job.lastRun === undefined ? "" : paintStatus(job.lastRun.status),
    ]),
  );
}

/** "3 ops", "makes group:daily". */
export function doesText({ ops, selection }: Pick<JobSummary, "ops" | "selection">): string {
  return ops === undefined ? `makes ${selection ?? ""}` : counted(ops, "op");
}

/** "4 months", "3 keys". */
export function jobPartitionsText({ unit = "key", count }: JobPartitions): string {
  return `${thousands(count)} ${unit}${count === 1 ? "" : "s"}`;
}
