import type { RunListing } from "../../control/runs/list-runs.ts";
import type { RunSummary } from "../../control/runs/run-summary.ts";
import { formatDuration } from "../../core/duration.ts";
import { thousands } from "../../core/counted.ts";
import { relativeTime } from "../text/relative-time.ts";
import { shortId } from "../text/short-id.ts";
import { formatTable } from "../text/table.ts";
import { paintStatus } from "./status-text.ts";

/** What `millrace runs ls` prints. */
export function runListing({ runs, next }: RunListing, now: number): readonly string[] {
  if (runs.length === 0) return ["no runs yet; millrace materialize makes one"];
  const table = runTable(runs, now);
  return next === undefined ? table : [...table, "", `more: millrace runs ls --before ${next}`];
}

export function runTable(runs: readonly RunSummary[], now: number): readonly string[] {
  return formatTable(
    [
      { title: "run" },
      { title: "status" },
      { title: "steps", align: "right" },
      { title: "took", align: "right" },
      { title: "created" },
      { title: "selection" },
      { title: "error" },
    ],
    runs.map((run) => [
      shortId(run.id),
      paintStatus(run.status),
      thousands(run.stepCount),
      run.milliseconds === undefined ? "" : formatDuration(run.milliseconds),
      relativeTime(run.createdAt, now),
      askedText(run),
      firstLine(run.error),
    ]),
  );
}

/** "*", "job ingest [2001-01]", "job ingest, only parse, merge". */
function askedText({ selection, job, partition, only }: RunSummary): string {
  if (job === undefined) return selection;
  const part = partition === undefined ? "" : ` [${partition}]`;
  return `job ${job}${part}${only === undefined ? "" : `, only ${only.join(", ")}`}`;
}

function firstLine(text = ""): string {
  const [line = ""] = text.split("\n");
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}
