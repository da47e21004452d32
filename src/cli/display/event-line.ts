import type { RunDetails } from "../../control/show-run.ts";
import { formatDuration } from "../../core/asset/duration.ts";
import { stepReason } from "../../core/run/step-reason.ts";
import { counted } from "../../core/counted.ts";
import { formatBytes } from "../text/bytes.ts";
import { fieldsText } from "../text/fields.ts";
import { paint } from "../text/paint.ts";
import { clockTime } from "../text/relative-time.ts";
import { shortId } from "../text/short-id.ts";

type Event = RunDetails["events"][number];

/** People read so much of a reason; `--json` has all of it. */
const longestFacts = 140;

/** "18:30:12  step.succeeded  orders[2025-01]  in 12 ms, version 1a2b3c4d". */
export function eventLine(event: Event): string {
  const { at, type, step, asset } = event;
  const facts = factsOf(event).replaceAll(/\s*\n\s*/g, " ");
  const shown = facts.length > longestFacts ? `${facts.slice(0, longestFacts - 1)}…` : facts;
  const parts = [paint("dim", clockTime(at)), type, step ?? asset ?? "", paint("dim", shown)];
  return parts.filter((part) => part !== "").join("  ");
}

/** What is worth telling of each type; the step's name says the partition already. */
function factsOf({ type, step = "", data }: Event): string {
  const text = (name: string): string => (typeof data[name] === "string" ? data[name] : "");
  const count = (name: string): number => (typeof data[name] === "number" ? data[name] : 0);
  const version = `version ${shortId(text("versionId"))}`;
  const reason = stepReason(step, text("reason"));
  switch (type) {
    case "run.created":
      return `${text("selection")}: ${counted(count("steps"), "step")}`;
    case "run.started":
      return `on snapshot ${count("snapshot")}, process ${count("pid")} on ${text("host")}`;
    case "run.resumed":
      return `process ${count("pid")} on ${text("host")}`;
    case "step.started":
      return count("attempt") > 1 ? `attempt ${count("attempt")}` : "";
    case "step.retrying":
      return `tried again in ${formatDuration(count("delayMs"))}: ${reason}`;
    case "step.succeeded":
      return `in ${formatDuration(count("milliseconds"))}, ${version}`;
    case "step.failed":
      return `${text("code")}: ${reason}`;
    case "step.skipped":
      return reason;
    case "version.staged": {
      const rows = typeof data["rows"] === "number" ? [counted(data["rows"], "row")] : [];
      return [version, ...rows, formatBytes(count("bytes"))].join(", ");
    }
    case "version.rejected":
      return `${version}: ${reason}`;
    case "version.superseded":
    case "version.held":
      return version;
    case "check.evaluated": {
      if (data["passed"] === true) return `${text("check")} passed`;
      return `${text("check")} failed${data["blocking"] === true ? "" : " (does not block)"}: ${text("description")}`;
    }
    case "asset.observed":
      return `content ${shortId(text("dataVersion"))}`;
    case "published":
      return `snapshot ${count("snapshot")}: ${counted(count("versions"), "version")}`;
    case "log": {
      const fields = data["fields"];
      const said = `${text("level")}: ${text("message")}`;
      return typeof fields === "object" && fields !== null ? `${said}  ${fieldsText({ ...fields })}` : said;
    }
    default:
      return text("error");
  }
}
