import type {
  CauseDetails,
  DiffLine,
  FailureDetails,
  Finding,
  UpstreamCause,
  Why,
} from "../../control/staleness/why.ts";
import { describeCodeChange } from "../../core/code/code-change.ts";
import { paint } from "../text/paint.ts";
import { relativeTime } from "../text/relative-time.ts";
import { shortId } from "../text/short-id.ts";

/** Lines of one change that are shown; the JSON has them all. */
const mostDiffLines = 30;

const colours = {
  fresh: "green",
  external: "green",
  held: "yellow",
  stale: "yellow",
  "upstream stale": "yellow",
  missing: "red",
} as const;

/** What `millrace why` says in words. */
export function whyLines({ name, kind, findings }: Why, now: number): readonly string[] {
  const lines = findings.flatMap((finding) => findingLines(finding, now));
  if (kind === "asset") return lines;
  if (findings.length === 0) return [`${name} reads no asset`];
  return [`${name} reads:`, ...lines.map((line) => `  ${line}`.trimEnd())];
}

function findingLines(finding: Finding, now: number): readonly string[] {
  const { asset, partitions, status, causes, upstream, hold, failure, problem } = finding;
  const title = `${asset}${partitions === undefined ? "" : ` [${partitions}]`}`;
  return [
    `${paint("bold", title)}  ${paint(colours[status], status)}`,
    ...(problem === undefined ? [] : [paint("red", problem)]),
    ...(hold === undefined
      ? []
      : [
          `held by ${hold.by} since ${relativeTime(hold.since, now)}${hold.reason === "" ? "" : `: ${hold.reason}`}`,
          "millrace release lets later versions be published",
        ]),
    ...causes.flatMap((cause) => causeLines(cause, now)),
    ...upstream.flatMap((one) => upstreamLines(one, now)),
    ...(failure === undefined ? [] : failureLines(failure, now)),
  ].map((line, index) => (index === 0 ? line : `  ${line}`));
}

function upstreamLines({ path, partitions, causes }: UpstreamCause, now: number): readonly string[] {
  const root = `${path.at(-1) ?? ""}${partitions === undefined ? "" : ` [${partitions}]`}`;
  const through = path.slice(0, -1);
  const way = through.length === 0 ? "reads" : `reads ${through.join(", which reads ")}, which reads`;
  return [`${way} ${root}:`, ...causes.flatMap((cause) => causeLines(cause, now)).map((line) => `  ${line}`)];
}

function causeLines({ cause, text, changes = [], input }: CauseDetails, now: number): readonly string[] {
  if (cause === "code changed") {
    if (changes.length === 0) return ["its code changed (what it was made of is no longer known)"];
    return changes.flatMap((change) => [
      `its code changed: ${describeCodeChange(change)}${digests(change)}`,
      ...diffLines(change.diff ?? []),
    ]);
  }
  if (input?.at === undefined) return [text];
  const made = input.runId === undefined ? "seen" : `made by run ${shortId(input.runId)}`;
  return [`${text}: ${made} ${relativeTime(input.at, now)}`];
}

function digests(change: {
  readonly change: string;
  readonly before: unknown;
  readonly after: unknown;
}): string {
  if (change.change !== "file") return "";
  const sides = [change.before, change.after].filter((side) => typeof side === "string");
  return paint("dim", `  ${sides.map((side) => side.slice(0, 8)).join(" → ")}`);
}

function diffLines(diff: readonly DiffLine[]): readonly string[] {
  const lines = diff.slice(0, mostDiffLines).map(({ side, text }) => {
    if (side === "both") return `    ${text}`;
    return side === "before" ? paint("red", `  - ${text}`) : paint("green", `  + ${text}`);
  });
  const more = diff.length - lines.length;
  return more > 0 ? [...lines, paint("dim", `    and ${more} more lines`)] : lines;
}

function failureLines(
  { runId, failedAt, code, reason, sameAgain }: FailureDetails,
  now: number,
): readonly string[] {
  const rejected = code === "CHECK_FAILED" ? "was rejected" : "failed";
  const what = `the last attempt ${rejected} ${relativeTime(failedAt, now)} in run ${shortId(runId)}`;
  return [
    `${paint("red", what)}: ${reason.replaceAll(/\s*\n\s*/g, " ")}`,
    sameAgain
      ? "its code and its inputs are still those: nothing asks for it again by itself until one of them changes"
      : "its code or its inputs have changed since",
  ];
}
