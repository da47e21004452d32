import { formatDuration } from "../../core/asset/duration.ts";
import { counted, formatCount } from "../text/amount.ts";
import { paint } from "../text/paint.ts";
import { placeText } from "../text/place.ts";
import type { RunReport } from "./run-report.ts";
import { shortId } from "./start-line.ts";

/** What a materialization came to, in a few lines: the last thing that is printed. */
export function runSummary(report: RunReport): readonly string[] {
  if (report.status === "nothing to do") {
    return [report.fresh > 0 ? `nothing to do: ${formatCount(report.fresh)} fresh` : "nothing to do"];
  }
  const of = (result: string) => report.steps.filter((step) => step.result === result);
  const rows = report.steps.reduce((sum, step) => sum + (step.rowCount ?? 0), 0);
  const counts = (["made", "unchanged", "skipped", "failed"] as const).flatMap((result) => {
    const count = of(result).length;
    return count === 0 ? [] : [`${formatCount(count)} ${result}`];
  });
  if (report.continued !== undefined) counts.push(`${formatCount(report.continued)} done before`);
  if (report.fresh > 0) counts.push(`${formatCount(report.fresh)} fresh, left alone`);
  const time = formatDuration(report.milliseconds);
  const lines = [
    `${statusWord(report.status)} in ${time}: ${counts.join(", ")}${rows > 0 ? `; ${counted(rows, "row")}` : ""}`,
  ];
  for (const { step, code, message, place, fix } of report.failures) {
    const at = placeText(place);
    lines.push(
      "",
      `${paint("red", "✗")} ${step}  ${paint("yellow", code)}`,
      `  ${message.replaceAll("\n", "\n  ")}`,
    );
    if (at !== "") lines.push(`  at ${at}`);
    if (fix !== undefined) lines.push(`  ${paint("cyan", "→")} ${fix}`);
  }
  if (report.failures.length > 0 && report.runId !== undefined) {
    lines.push("", `millrace runs show ${shortId(report.runId)} tells the whole story`);
  }
  if (report.status === "canceled") lines.push("what is done is kept; the same command goes on from there");
  return lines;
}

function statusWord(status: RunReport["status"]): string {
  if (status === "success") return paint(["green", "bold"], "success");
  return status === "failure" ? paint(["red", "bold"], "failed") : paint(["yellow", "bold"], "canceled");
}
