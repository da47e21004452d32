import type { ToldEvent } from "../../control/follow-events.ts";
import { formatDuration } from "../../core/duration.ts";
import { stepReason } from "../../core/run/step-reason.ts";
import { counted } from "../../core/counted.ts";
import { unreachable } from "../../core/unreachable.ts";
import { formatBytes } from "../text/bytes.ts";
import { fieldsText } from "../text/fields.ts";
import { paint } from "../text/paint.ts";
import { clockTime } from "../text/relative-time.ts";
import { shortId } from "../text/short-id.ts";

type Event = ToldEvent;

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
function factsOf(event: Event): string {
  const { step = "" } = event;
  const version = (id = ""): string => `version ${shortId(id)}`;
  switch (event.type) {
    case "run.created":
      return `${event.data.selection}: ${counted(event.data.steps, "step")}`;
    case "run.started":
      return `on snapshot ${event.data.snapshot}, process ${event.data.pid} on ${event.data.host}`;
    case "run.resumed":
      return `process ${event.data.pid} on ${event.data.host}`;
    case "run.succeeded":
      return "";
    case "run.failed":
    case "run.canceled":
      return event.data.error ?? "";
    case "step.started":
      return event.data.attempt > 1 ? `attempt ${event.data.attempt}` : "";
    case "step.retrying":
      return `tried again in ${formatDuration(event.data.delayMs)}: ${stepReason(step, event.data.reason)}`;
    case "step.succeeded": {
      const { milliseconds = 0, versionId, versionIds } = event.data;
      const several = versionIds === undefined ? [] : [counted(versionIds.length, "version")];
      const one = versionId === undefined ? [] : [version(versionId)];
      return [`in ${formatDuration(milliseconds)}`, ...one, ...several].join(", ");
    }
    case "step.failed":
      return `${event.data.code}: ${stepReason(step, event.data.reason)}`;
    case "step.skipped":
      return stepReason(step, event.data.reason);
    case "version.staged": {
      const { versionId, rows, bytes } = event.data;
      const counts = rows === undefined ? [] : [counted(rows, "row")];
      return [version(versionId), ...counts, formatBytes(bytes)].join(", ");
    }
    case "version.rejected":
      return `${version(event.data.versionId)}: ${stepReason(step, event.data.reason)}`;
    case "version.superseded":
    case "version.held":
      return version(event.data.versionId);
    case "check.evaluated": {
      const { check, passed, blocking, description = "" } = event.data;
      return passed
        ? `${check} passed`
        : `${check} failed${blocking ? "" : " (does not block)"}: ${description}`;
    }
    case "asset.reported":
      return `content ${event.data.dataVersion} by ${event.data.by}`;
    case "asset.observed":
      return `content ${shortId(event.data.dataVersion)}`;
    case "asset.compacted": {
      const { versions, files, bytes } = event.data;
      return `${counted(versions, "version")} in one file instead of ${counted(files, "file")}, ${formatBytes(bytes)}`;
    }
    case "published":
      return `snapshot ${event.data.snapshot}: ${counted(event.data.versions, "version")}`;
    case "steps.added":
      return counted(event.data.steps, "step");
    case "held":
    case "released":
      return `${namedAssets(event.data)} by ${event.data.by}${event.data.forced === true ? ", forced" : ""}${because(event.data.reason)}`;
    case "snapshot.pinned":
      return `${event.data.snapshot} as ${event.data.name} by ${event.data.by}${because(event.data.reason)}`;
    case "snapshot.unpinned":
      return `${event.data.snapshot} as ${event.data.name} by ${event.data.by}`;
    case "hook.failed":
      return `${event.data.hook} of ${event.data.of}: ${event.data.reason}`;
    case "log": {
      const { level, message, fields } = event.data;
      return `${level}: ${message}${fields === undefined ? "" : `  ${fieldsText({ ...fields })}`}`;
    }
    default:
      return unreachable(event);
  }
}

function namedAssets({
  assets = [],
  moreAssets = 0,
}: {
  assets?: readonly string[];
  moreAssets?: number;
}): string {
  return `${assets.join(", ")}${moreAssets === 0 ? "" : ` and ${moreAssets} more`}`;
}

function because(reason: string): string {
  return reason === "" ? "" : `: ${reason}`;
}
