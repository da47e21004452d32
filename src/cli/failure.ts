import { CommanderError } from "commander";
import { reportError, type ErrorReport } from "../core/error-report.ts";
import { MillraceError } from "../core/errors.ts";
import { exitCode, type ExitCode } from "./exit-code.ts";
import { SuggestedError } from "./suggested-error.ts";
import { caretLines } from "./text/caret.ts";
import { paint } from "./text/paint.ts";
import { placeText } from "./text/place.ts";
import { formatProblems } from "./text/problems.ts";
import { UsageError } from "./usage-error.ts";

/** What is told of an error on standard error, as JSON or in words. */
interface Failure {
  readonly report: Partial<ErrorReport> & Pick<ErrorReport, "code" | "message">;
  readonly suggestions: readonly string[];
  readonly exitCode: ExitCode;
}

/** Tells of an error on standard error and says what the process answers. */
export function printFailure(thrown: unknown, json: boolean): ExitCode {
  const failure = failureOf(thrown);
  const { report, suggestions } = failure;
  if (json) {
    const error = suggestions.length === 0 ? report : { ...report, suggestions };
    process.stderr.write(`${JSON.stringify({ error }, null, 2)}\n`);
  } else {
    process.stderr.write(`${failureLines(failure).join("\n")}\n`);
  }
  if (process.env["MILLRACE_DEBUG"] === "1") process.stderr.write(`${stackOf(thrown)}\n`);
  return failure.exitCode;
}

function failureOf(thrown: unknown): Failure {
  if (thrown instanceof SuggestedError)
    return { ...failureOf(thrown.error), suggestions: thrown.suggestions };
  if (thrown instanceof CommanderError || thrown instanceof UsageError) {
    // commander puts what may have been meant on a line of its own.
    const [, message = "", meant] =
      /^(?:error: )?(.*?)(?:\n\(Did you mean (?:one of )?(.*)\?\))?$/s.exec(thrown.message) ?? [];
    const fix = thrown instanceof UsageError ? thrown.fix : "See: millrace --help.";
    const suggestions = meant === undefined ? [] : meant.split(", ");
    return { report: { code: "USAGE", message, fix }, suggestions, exitCode: exitCode.usage };
  }
  const report = reportError(thrown);
  return { report, suggestions: report.suggestions ?? [], exitCode: exitCodeOf(thrown) };
}

/** Errors that over HTTP would be the client's own (a name or selection that does not exist) are wrong usage here. */
function exitCodeOf(thrown: unknown): ExitCode {
  if (!(thrown instanceof MillraceError)) return exitCode.failed;
  if (thrown.code === "CANCELED") return exitCode.interrupted;
  return thrown.status === 400 || thrown.status === 404 ? exitCode.usage : exitCode.failed;
}

function failureLines({ report, suggestions }: Failure): readonly string[] {
  const { message, place, fix, problems = [] } = report;
  const lines = [`${paint(["red", "bold"], "error:", process.stderr)} ${message}`];
  if (place?.selection !== undefined) lines.push(...caretLines(place.selection).map((line) => `  ${line}`));
  const [likeliest, ...others] = suggestions;
  if (likeliest !== undefined) lines.push(`  did you mean ${[likeliest, ...others].join(" or ")}?`);
  const at = place === undefined ? "" : placeText(place);
  if (at !== "") lines.push(`  at ${at}`);
  lines.push(...formatProblems(problems).map((line) => `  ${line}`));
  if (fix !== undefined) lines.push(`  ${paint("cyan", "→", process.stderr)} ${fix}`);
  if (report.code === "INTERNAL" && process.env["MILLRACE_DEBUG"] !== "1") {
    lines.push("  (MILLRACE_DEBUG=1 shows where it happened)");
  }
  return lines;
}

function stackOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const cause = thrown.cause === undefined ? "" : `\ncaused by: ${stackOf(thrown.cause)}`;
  return `${thrown.stack ?? thrown.message}${cause}`;
}
