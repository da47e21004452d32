import type { FailedStep, Failure } from "../core/run/run-progress.ts";

/** As many as somebody reads: a list may have had thousands of items. */
const most = 20;

/** Why a run did not succeed: a line for what was run, then for each failure what happened and what to do. */
export function failuresAsText(
  what: string,
  status: "failure" | "canceled",
  failures: readonly FailedStep[],
  ofRun: Failure | undefined,
): string {
  const told = failures.slice(0, most).map(({ reason, code, fix }) => [reason, code, fix]);
  if (ofRun !== undefined) told.unshift([ofRun.reason, ofRun.code, ofRun.fix]);
  const more = failures.length - most;
  return [
    `${what} ${status === "canceled" ? "was canceled" : "failed"}`,
    ...told.map(([reason, code, fix]) => `- ${reason} (${code})\n  ${fix}`),
    ...(more > 0 ? [`- and ${more} more`] : []),
  ].join("\n");
}
