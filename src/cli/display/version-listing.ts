import type { VersionListing, VersionSummary } from "../../control/versions/list-versions.ts";
import { thousands } from "../../core/counted.ts";
import { formatBytes } from "../text/bytes.ts";
import { cut } from "../text/cut.ts";
import { metadataSummary } from "../text/metadata.ts";
import { paint } from "../text/paint.ts";
import { relativeTime } from "../text/relative-time.ts";
import { shortId } from "../text/short-id.ts";
import { formatTable } from "../text/table.ts";

/** What `millrace versions` prints. */
export function versionListing(
  { asset, snapshot, versions, next }: VersionListing,
  now: number,
): readonly string[] {
  if (versions.length === 0) return [`${asset} has no versions`];
  const configured = versions.some(({ configHash }) => configHash !== undefined);
  const table = formatTable(
    [
      { title: "version" },
      { title: "partition" },
      { title: "made" },
      { title: "rows", align: "right" },
      { title: "size", align: "right" },
      { title: "run" },
      ...(configured ? [{ title: "config" }] : []),
      { title: "state" },
      { title: "metadata" },
    ],
    versions.map((version) => [
      shortId(version.versionId),
      version.partition ?? "",
      relativeTime(version.madeAt, now),
      rowsText(version),
      version.bytes === undefined ? "" : formatBytes(version.bytes),
      shortId(version.runId),
      ...(configured ? [shortId(version.configHash ?? "")] : []),
      stateText(version),
      cut(metadataSummary(version.metadata)),
    ]),
  );
  const more = next === undefined ? [] : [`more: millrace versions ${asset} --before ${next}`];
  return [...table, "", ...more, paint("dim", `as of snapshot ${snapshot}`)];
}

function rowsText({ rowCount, addedRows }: VersionSummary): string {
  if (rowCount === undefined) return "";
  return addedRows === undefined ? thousands(rowCount) : `${thousands(rowCount)} (+${thousands(addedRows)})`;
}

function stateText({ state, reason }: VersionSummary): string {
  const colours = { current: "green", held: "yellow", waiting: "yellow", rejected: "red" } as const;
  const word = state in colours ? paint(colours[state as keyof typeof colours], state) : paint("dim", state);
  return reason === undefined || reason === "" ? word : `${word}: ${reason.replaceAll(/\s*\n\s*/g, " ")}`;
}
