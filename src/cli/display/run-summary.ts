import { formatDuration } from "../../core/duration.ts";
import type { PlanStep } from "../../core/plan/plan.ts";
import { counted, thousands } from "../../core/counted.ts";
import { deserialize } from "../../core/serial/serialize.ts";
import { plainValue } from "../../core/serial/plain-value.ts";
import { cut } from "../text/cut.ts";
import { paint } from "../text/paint.ts";
import { section } from "./section.ts";
import { placeText } from "../text/place.ts";
import { shortId } from "../text/short-id.ts";
import { groupFailures } from "./failure-group.ts";
import { snapshotsText } from "./snapshots-text.ts";
import type { RunReport } from "./run-report.ts";

/** What a run came to, in a few lines: the last thing that is printed. */
export function runSummary(report: RunReport, steps: readonly PlanStep[]): readonly string[] {
  if (report.status === "nothing to do") {
    const left = leftAlone(report).map(([count, word]) => `${thousands(count)} ${word}`);
    return [left.length > 0 ? `nothing to do: ${left.join(", ")}` : "nothing to do"];
  }
  const of = (result: string) => report.steps.filter((step) => step.result === result);
  const rows = report.steps.reduce((sum, step) => sum + (step.rowCount ?? 0), 0);
  const counts = (["made", "done", "unchanged", "skipped", "failed", "held", "superseded"] as const).flatMap(
    (result) => {
      const count = of(result).length;
      return count === 0 ? [] : [`${thousands(count)} ${result}`];
    },
  );
  if (report.continued !== undefined && report.continued > 0)
    counts.push(`${thousands(report.continued)} done before`);
  if (report.retired > 0) counts.push(`${thousands(report.retired)} retired`);
  counts.push(...leftAlone(report).map(([count, word]) => `${thousands(count)} ${word}, left alone`));
  if (counts.length === 0) counts.push("nothing done yet");
  const time = formatDuration(report.milliseconds);
  const lines = [
    `${statusWord(report.status)}${inPart(report, steps.length)} in ${time}: ${counts.join(", ")}${rows > 0 ? `; ${counted(rows, "row")}` : ""}`,
  ];
  if (report.output !== undefined) lines.push(...outputLines(report.output));
  const groups = groupFailures(report.failures, steps);
  for (const [index, { name, code, reason, place, fix }] of groups.entries()) {
    const at = placeText(place);
    if (groups[index - 1]?.code !== code) lines.push("");
    lines.push(`${paint("red", "✗")} ${name}  ${paint("yellow", code)}`);
    if (reason !== undefined) lines.push(...reason.split("\n").map((line) => `  ${line}`));
    if (at !== "") lines.push(`  at ${at}`);
    // What to do is the same for all with the same code, and is said once.
    if (fix !== undefined && groups[index + 1]?.code !== code) lines.push(`  ${paint("cyan", "→")} ${fix}`);
  }
  const { error } = report;
  // Steps that it stopped have said so.
  if (error !== undefined && !groups.some(({ code }) => code === error.code)) {
    const { code, reason, fix } = error;
    lines.push(
      "",
      `${paint("red", "✗")} ${reason}  ${paint("yellow", code)}`,
      `  ${paint("cyan", "→")} ${fix}`,
    );
  }
  if (report.failures.length > 0 && report.runId !== undefined) {
    lines.push("", `millrace runs show ${shortId(report.runId)} tells the whole story`);
    if (report.job !== undefined)
      lines.push("the same command with --from-failure goes on with it: what is done is kept");
  }
  if (report.status === "canceled") lines.push("what is done is kept; the same command goes on from there");
  return lines;
}

/** So many lines of what a job gave are shown. */
const mostOutput = 30;

/** What a job gave; `--json` has all of it, and in a form that can be read back. */
function outputLines(output: unknown): readonly string[] {
  const text = JSON.stringify(plainValue(deserialize(JSON.stringify(output))), null, 2) ?? "";
  const all = text.split("\n").map((line) => cut(line, 160));
  const more = all.length - mostOutput;
  return section("output", [
    ...all.slice(0, mostOutput),
    ...(more > 0 ? [`… ${counted(more, "more line")} (--json)`] : []),
  ]);
}

function leftAlone({ fresh, held }: RunReport): readonly (readonly [number, string])[] {
  const left = [[fresh, "fresh"] as const, [held, "held"] as const];
  return left.filter(([count]) => count > 0);
}

/** A run that failed publishes what succeeded, which is easily overlooked. */
function inPart({ status, snapshots, published }: RunReport, total: number): string {
  if (status !== "failure" || published === 0) return "";
  return `; published ${thousands(published)} of ${thousands(total)} (${snapshotsText(snapshots)})`;
}

function statusWord(status: RunReport["status"]): string {
  if (status === "success") return paint(["green", "bold"], "success");
  return status === "failure" ? paint(["red", "bold"], "failed") : paint(["yellow", "bold"], "canceled");
}
