import { formatDuration } from "../../core/duration.ts";
import type { RunProgress } from "../../core/run/run-progress.ts";
import { stepReason } from "../../core/run/step-reason.ts";
import { counted } from "../../core/counted.ts";
import { fieldsText } from "../text/fields.ts";
import { paint } from "../text/paint.ts";
import type { RunTally } from "./run-tally.ts";

/** What is worth a line of what a run tells; undefined for what is not. */
export function progressLine(progress: RunProgress, tally: RunTally): string | undefined {
  switch (progress.progress) {
    case "step.started":
    case "steps.added":
      return undefined;
    case "step.succeeded": {
      const rows = progress.rowCount === undefined ? [] : [counted(progress.rowCount, "row")];
      const same = progress.unchanged ? [paint("dim", "unchanged")] : [];
      const facts = [...rows, formatDuration(progress.milliseconds), ...same];
      return `${position(tally)} ${paint("green", "✓")} ${progress.step}  ${facts.join("  ")}`;
    }
    case "step.skipped": {
      const reason =
        progress.reason === "unchanged" ? "not needed: what it reads is unchanged" : progress.reason;
      return `${position(tally)} ${paint("dim", "-")} ${progress.step}  ${paint("dim", `skipped: ${reason}`)}`;
    }
    case "step.failed":
      return `${position(tally)} ${paint("red", "✗")} ${progress.step}  ${failure(progress, tally)}`;
    case "step.retrying": {
      const delay = formatDuration(progress.delayMs);
      return `${paint("yellow", "↻")} ${progress.step}  tried again in ${delay}: ${progress.reason}`;
    }
    case "check.failed": {
      const kind = progress.blocking ? "blocking check" : "check";
      const colour = progress.blocking ? "red" : "yellow";
      return `${paint(colour, "!")} ${progress.step}  ${kind} ${progress.check} failed: ${progress.description}`;
    }
    case "published":
      return publishedLine(progress);
    case "hook.failed": {
      const { step, hook, of, reason } = progress;
      const at = step === undefined ? "" : `${step}  `;
      return `${paint("yellow", "!")} ${at}the hook ${hook} of ${of} failed: ${reason}`;
    }
    default: {
      const { step = "the run", level, message, fields = {} } = progress;
      return paint("dim", [`  ${step}`, `${level}: ${message}`, fieldsText(fields)].join("  ").trimEnd());
    }
  }
}

function publishedLine({
  step,
  snapshot,
  versions,
  held,
  superseded,
}: Extract<RunProgress, { progress: "published" }>): string {
  const kept = [
    ...(held.length > 0 ? [`${counted(held.length, "version")} held back by a rollback`] : []),
    ...(superseded.length > 0 ? [`${counted(superseded.length, "version")} superseded by newer ones`] : []),
  ];
  const published =
    versions === 0 && kept.length > 0 ? "published nothing" : `published snapshot ${snapshot}`;
  const alone = step === undefined ? "" : `  ${step}`;
  const counts = versions === 0 && kept.length > 0 ? kept : [counted(versions, "version"), ...kept];
  return `${paint(kept.length === 0 ? "green" : "yellow", "●")} ${published}: ${counts.join(", ")}${alone}`;
}

/** What checks found has been told by lines of their own. */
function failure({ step, reason }: { step: string; reason: string }, tally: RunTally): string {
  const blocking = tally.failedChecks.filter((check) => check.step === step && check.blocking).length;
  if (blocking > 0) return `${paint("red", "rejected")}: ${counted(blocking, "blocking check")} failed`;
  return `${paint("red", "failed")}: ${stepReason(step, reason)}`;
}

function position(tally: RunTally): string {
  const digits = String(tally.total).length;
  return paint("dim", `[${String(tally.done).padStart(digits)}/${tally.total}]`);
}
