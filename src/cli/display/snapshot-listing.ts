import type { SnapshotListing, SnapshotSummary } from "../../control/snapshots/snapshots.ts";
import { counted } from "../../core/counted.ts";
import { paint } from "../text/paint.ts";
import { localTime, relativeTime } from "../text/relative-time.ts";
import { shortId } from "../text/short-id.ts";
import { formatTable } from "../text/table.ts";

/** What `millrace snapshot ls` prints. */
export function snapshotListing(
  { environment, snapshots, next }: SnapshotListing,
  now: number,
): readonly string[] {
  if (snapshots.length === 0) return ["no snapshots"];
  const table = formatTable(
    [
      { title: "snapshot", align: "right" },
      { title: "published" },
      { title: "" },
      { title: "by" },
      { title: "kept as" },
    ],
    snapshots.map((snapshot) => [
      String(snapshot.number),
      snapshot.publishedAt === undefined ? "" : localTime(snapshot.publishedAt),
      snapshot.publishedAt === undefined ? "" : relativeTime(snapshot.publishedAt, now),
      originText(snapshot),
      keptText(snapshot),
    ]),
  );
  const more = next === undefined ? [] : [`more: millrace snapshot ls --before ${next}`];
  return [...table, "", ...more, paint("dim", `environment ${environment}`)];
}

function originText({ origin, runId, actor = "", reason, forced }: SnapshotSummary): string {
  const why = reason === undefined ? "" : ` (${reason})`;
  if (origin === "run") return `run ${shortId(runId ?? "")}`;
  if (origin === "empty") return "nothing published yet";
  if (origin === "branch") return "the environment began";
  return `${origin}${forced ? ", forced," : ""} by ${actor}${why}`;
}

function keptText({ pins, runs }: SnapshotSummary): string {
  const names = pins.map(({ name }) => name);
  return [...names, ...(runs > 0 ? [counted(runs, "run at work", "runs at work")] : [])].join(", ");
}
