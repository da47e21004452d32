import type { Collection } from "../../control/retention/collect-garbage.ts";
import { formatDuration } from "../../core/duration.ts";
import { counted } from "../../core/counted.ts";
import { formatBytes } from "../text/bytes.ts";

/** What `millrace gc` prints. */
export function collectionText({
  dryRun,
  condemned,
  removed,
  strays,
  code,
  graceMs,
}: Collection): readonly string[] {
  const { snapshots, versions, files, bytes } = condemned;
  const [giveUp, remove] = dryRun ? ["would give up", "would remove"] : ["gave up", "removed"];
  const nothing = snapshots + versions + removed.files + code.pins + code.texts === 0;
  if (nothing) return ["nothing to give up, and nothing to remove"];
  const left = strays.files === 0 ? "" : `, of them ${counted(strays.files, "file")} that no version has`;
  const later =
    files === 0 ? [] : [`  the files can be removed from ${formatDuration(graceMs)} on: millrace gc`];
  return [
    `${giveUp} ${counted(snapshots, "snapshot")} and ${counted(versions, "version")} (${counted(files, "file")}, ${formatBytes(bytes)})`,
    ...(dryRun ? [] : later),
    `${remove} ${counted(removed.files, "file")} (${formatBytes(removed.bytes)})${left}`,
    ...(code.pins + code.texts === 0
      ? []
      : [`${remove} earlier code: ${counted(code.pins, "load")}, ${counted(code.texts, "text")}`]),
  ];
}
