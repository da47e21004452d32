import type { DevEvent } from "../../app/dev/dev-event.ts";
import type { ErrorReport } from "../../core/error-report.ts";
import { formatDuration } from "../../core/duration.ts";
import { counted } from "../../core/counted.ts";
import { paint } from "../text/paint.ts";
import { placeText } from "../text/place.ts";
import { formatProblems } from "../text/problems.ts";
import { clockTime } from "../text/relative-time.ts";
import { servingLines } from "./serving-lines.ts";

/** What `millrace dev` prints of an event. */
export function devLines(event: DevEvent, at: Date): readonly string[] {
  const time = paint("dim", clockTime(at.toISOString()));
  switch (event.event) {
    case "listening":
      return [paint("dim", `starting at ${event.url}`)];
    case "changed":
      return [`${time}  ${event.files.join(", ")} changed`];
    case "ready": {
      const took = formatDuration(event.milliseconds);
      const counts = `${counted(event.assets, "asset")}, ${counted(event.endpoints.length, "endpoint")}`;
      if (event.reload) return [`${time}  ${paint("green", "reloaded")} in ${took}: ${counts}`];
      const lines = servingLines(event.project, event.url, event.endpoints);
      return [...lines, paint("dim", `ready in ${took}: ${counts}; changes are taken up as you save`)];
    }
    case "failed": {
      const keeps = event.serving ? "; the last good version keeps answering" : "";
      return [`${time}  ${paint("red", "not loaded")}${keeps}`, ...mistakes(event.report)];
    }
    case "crashed": {
      const delay = formatDuration(event.restartInMs);
      return [
        `${time}  ${paint("red", "crashed")}: the API process ${event.reason}; started again in ${delay}`,
      ];
    }
    default:
      return [`${time}  ${paint("yellow", "changes are not noticed")}: ${event.reason}`];
  }
}

function mistakes(report: ErrorReport): readonly string[] {
  const found = report.problems.length > 0 ? report.problems : [report];
  // One mistake has room for its own lines; several stand in a list.
  const [only] = found;
  if (only === undefined || found.length > 1)
    return formatProblems(found, process.stdout).map((line) => `  ${line}`);
  const at = placeText(only.place);
  return [
    `  ${at === "" ? "" : `${at}  `}${paint("yellow", only.code)}  ${only.message}`,
    `  ${paint("cyan", "→")} ${only.fix}`,
  ];
}
