import type { CheckListing, CheckStanding } from "../../control/checks/list-checks.ts";
import { counted } from "../../core/counted.ts";
import { paint } from "../text/paint.ts";
import { relativeTime } from "../text/relative-time.ts";
import { formatTable } from "../text/table.ts";

/** What `millrace checks` prints. */
export function checkListing(
  { checks, snapshot, environment }: CheckListing,
  failedOnly: boolean,
  now: number,
): readonly string[] {
  if (checks.length === 0) return [failedOnly ? "no check failed" : "there are no checks"];
  const rows = checks.map((check) => [
    check.asset,
    check.check,
    standing(check),
    meaning(check),
    check.newest === undefined ? "" : relativeTime(check.newest.evaluatedAt, now),
    check.state === "failed" ? found(check) : "",
  ]);
  const failed = checks.filter(({ state }) => state === "failed").length;
  return [
    ...formatTable(
      [
        { title: "asset" },
        { title: "check" },
        { title: "state" },
        { title: "meaning" },
        { title: "asked" },
        { title: "found" },
      ],
      rows,
    ),
    "",
    `${counted(checks.length, "check")} at ${environment}@${snapshot}: ${failed} failed`,
  ];
}

function standing({ state, passed, failed, open }: CheckStanding): string {
  const of = passed + failed + open;
  if (state === "failed") return paint("red", of > 1 ? `failed on ${failed} of ${of}` : "failed");
  if (state === "passed") return paint("green", "passed");
  return paint("dim", passed > 0 ? `not evaluated on ${open} of ${of}` : "not evaluated");
}

function meaning({ severity, blocking, scope }: CheckStanding): string {
  const words = severity === "warn" ? "warns" : blocking ? "blocks" : "does not block";
  return scope === "asset" ? `${words}, whole asset` : words;
}

function found({ newest }: CheckStanding): string {
  const { partition, description = "" } = newest ?? { partition: undefined };
  const text = description.length > 100 ? `${description.slice(0, 99)}…` : description;
  return partition === undefined ? text : `${partition}: ${text}`;
}
