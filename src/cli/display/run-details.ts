import type { RunDetails } from "../../control/runs/show-run.ts";
import { formatDuration } from "../../core/duration.ts";
import { thousands } from "../../core/counted.ts";
import { paint } from "../text/paint.ts";
import { localTime, relativeTime } from "../text/relative-time.ts";
import { formatPairs } from "../text/table.ts";
import { eventLine } from "./event-line.ts";
import { snapshotsText } from "./snapshots-text.ts";
import { section } from "./section.ts";
import { stepTable } from "./step-table.ts";
import { paintStatus } from "./status-text.ts";

/** People read this many; `--json` has more. */
const shownEvents = 100;

/** What `millrace runs show` prints. */
export function runDetails(run: RunDetails, now: number): readonly string[] {
  const hidden = run.events.length - shownEvents;
  return [
    `run ${paint("bold", run.id)}  ${paintStatus(run.status)}`,
    "",
    ...formatPairs([
      ["selection", run.job === undefined ? run.selection : undefined],
      ["job", run.job],
      ["partition", run.partition],
      ["only", run.only?.join(", ")],
      ["given by", run.givenBy === undefined ? undefined : `run ${run.givenBy}`],
      ["created", `${localTime(run.createdAt)} (${relativeTime(run.createdAt, now)})`],
      ["took", run.milliseconds === undefined ? undefined : formatDuration(run.milliseconds)],
      ["reads", `snapshot ${run.snapshot}`],
      ["published", run.published.length === 0 ? undefined : snapshotsText(run.published)],
      ["continued", run.resumes === 0 ? undefined : `${run.resumes} times`],
      ["steps", thousands(run.stepCount)],
    ]),
    ...section("config", run.config === undefined ? [] : JSON.stringify(run.config, null, 2).split("\n")),
    ...section("error", run.error?.split("\n") ?? []),
    ...section("steps", stepTable(run.steps)),
    ...section("events", [
      ...run.events.slice(0, shownEvents).map(eventLine),
      ...(hidden > 0 || run.moreEvents
        ? [`and ${run.moreEvents ? "more than " : ""}${thousands(Math.max(hidden, 0))} others (--json)`]
        : []),
    ]),
    ...(run.status === "interrupted" || run.status === "canceled"
      ? ["", `to go on with it: ${goOn(run)}`]
      : []),
  ];
}

/** The command that goes on with it; what else was given has to be given again. */
function goOn({ job, selection, partition, only, config }: RunDetails): string {
  if (job === undefined) return `millrace materialize '${selection}'`;
  const part = partition === undefined ? "" : ` --partition ${partition}`;
  const steps = only === undefined ? "" : ` --only ${only.join(",")}`;
  return `millrace run ${job}${part}${steps}${config === undefined ? "" : ", with the same config"}`;
}
