import type { RunDetails } from "../../control/runs/show-run.ts";
import { formatDuration } from "../../core/duration.ts";
import { stepReason } from "../../core/run/step-reason.ts";
import { thousands } from "../../core/counted.ts";
import { paint } from "../text/paint.ts";
import { clockTime, localTime, relativeTime } from "../text/relative-time.ts";
import { formatPairs, formatTable } from "../text/table.ts";
import { eventLine } from "./event-line.ts";
import { snapshotsText } from "./snapshots-text.ts";
import { section } from "./section.ts";
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
      ["selection", run.selection],
      ["created", `${localTime(run.createdAt)} (${relativeTime(run.createdAt, now)})`],
      ["took", run.milliseconds === undefined ? undefined : formatDuration(run.milliseconds)],
      ["reads", `snapshot ${run.snapshot}`],
      ["published", run.published.length === 0 ? undefined : snapshotsText(run.published)],
      ["continued", run.resumes === 0 ? undefined : `${run.resumes} times`],
      ["steps", thousands(run.stepCount)],
    ]),
    ...section("config", run.config === undefined ? [] : JSON.stringify(run.config, null, 2).split("\n")),
    ...section("error", run.error?.split("\n") ?? []),
    ...section("steps", stepTable(run)),
    ...section("events", [
      ...run.events.slice(0, shownEvents).map(eventLine),
      ...(hidden > 0 || run.moreEvents
        ? [`and ${run.moreEvents ? "more than " : ""}${thousands(Math.max(hidden, 0))} others (--json)`]
        : []),
    ]),
    ...(run.status === "interrupted" || run.status === "canceled"
      ? ["", `to go on with it: millrace materialize '${run.selection}'`]
      : []),
  ];
}

function stepTable({ steps }: RunDetails): readonly string[] {
  return formatTable(
    [
      { title: "step" },
      { title: "status" },
      { title: "tries", align: "right" },
      { title: "took", align: "right" },
      { title: "reason" },
    ],
    steps.map(({ key, status, attempts, milliseconds, retryAt, reason = "" }) => [
      key,
      paintStatus(status),
      attempts === 0 ? "" : String(attempts),
      milliseconds === undefined ? "" : formatDuration(milliseconds),
      `${retryAt === undefined ? "" : `tried again at ${clockTime(retryAt)}: `}${stepReason(key, reason)}`.replaceAll(
        "\n",
        " ",
      ),
    ]),
  );
}
