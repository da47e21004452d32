import type { CheckHistory, PastEvaluation } from "../../control/checks/show-check.ts";
import { formatDuration } from "../../core/duration.ts";
import { thousands } from "../../core/counted.ts";
import { metadataLines } from "../text/metadata.ts";
import { paint } from "../text/paint.ts";
import { relativeTime } from "../text/relative-time.ts";
import { formatPairs, formatTable } from "../text/table.ts";
import { section } from "./section.ts";
import { shortId } from "../text/short-id.ts";

/** What `millrace checks show` prints. */
export function checkDetails(check: CheckHistory, now: number): readonly string[] {
  const { evaluations } = check;
  const numbers = [
    ...new Set(evaluations.flatMap(({ metadata }) => Object.keys(metadata).filter(isNumberIn(metadata)))),
  ];
  const rows = evaluations.map((evaluation) => [
    relativeTime(evaluation.evaluatedAt, now),
    evaluation.passed
      ? paint("green", "passed")
      : paint(evaluation.severity === "warn" ? "yellow" : "red", "failed"),
    evaluation.partition ?? "",
    `${shortId(evaluation.versionId)} ${evaluation.version}`,
    evaluation.runId === undefined ? "recheck" : shortId(evaluation.runId),
    ...numbers.map((name) => shown(evaluation.metadata[name])),
  ]);
  const [newest] = evaluations;
  return [
    `${paint("bold", check.asset)}  ${check.check}`,
    "",
    ...formatPairs([
      ["rule", check.rule],
      ["scope", check.scope],
      [
        "meaning",
        check.severity === "warn"
          ? "a failure warns"
          : check.blocking
            ? "a failure blocks"
            : "a failure does not block",
      ],
      ["time limit", formatDuration(check.timeoutMs)],
      ["found last", newest?.description],
      ["compared with", newest === undefined ? undefined : readsText(newest)],
    ]),
    ...section("metadata", newest === undefined ? [] : metadataLines(newest.metadata)),
    ...section(
      "evaluations",
      evaluations.length === 0
        ? ["none yet"]
        : formatTable(
            [
              { title: "asked" },
              { title: "found" },
              { title: "partition" },
              { title: "version" },
              { title: "run" },
              ...numbers.map((title) => ({ title, align: "right" as const })),
            ],
            rows,
          ),
    ),
  ];
}

function isNumberIn(metadata: Readonly<Record<string, unknown>>): (name: string) => boolean {
  return (name) => typeof metadata[name] === "number";
}

function shown(value: unknown): string {
  return typeof value === "number" ? thousands(Number(value.toPrecision(6))) : "";
}

function readsText({ reads }: PastEvaluation): string {
  return reads.map(({ asset, snapshot }) => `${asset} at snapshot ${snapshot}`).join(", ");
}
