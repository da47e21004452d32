import type { CompactedAsset, Compaction } from "../../control/compaction/compact.ts";
import { counted } from "../../core/counted.ts";
import { formatDuration } from "../../core/duration.ts";
import { formatBytes } from "../text/bytes.ts";
import { paint } from "../text/paint.ts";

/** What has come of an asset so far: a line for each pack. */
export function compactedLine({ asset, versions, packs }: CompactedAsset): string {
  return paint("dim", `  ${asset}  ${counted(versions, "version")} in ${counted(packs, "file")}`);
}

/** What `millrace compact` prints in the end. */
export function compactionText({ dryRun, assets, damaged, graceMs }: Compaction): readonly string[] {
  const freed = assets.reduce((sum, { files = 0 }) => sum + files, 0);
  return [
    ...assets.map((asset) => assetLine(asset, dryRun)),
    ...(assets.length + damaged.length === 0 ? ["nothing to pack"] : []),
    ...(freed === 0
      ? []
      : [
          `  ${counted(freed, "file")} of before can be removed from ${formatDuration(graceMs)} on: millrace gc`,
        ]),
    ...damaged.map(({ asset, partition, version, reason }) => {
      const place = partition === undefined ? asset : `${asset}[${partition}]`;
      return `${paint("red", "✗")} ${place}  version ${version} is damaged and was left alone: ${reason}`;
    }),
    ...(damaged.length === 0
      ? []
      : ["  what is damaged is mended by materializing it again, with --full-refresh where it appends"]),
  ];
}

function assetLine({ asset, versions, packs, bytesBefore, bytes }: CompactedAsset, dryRun: boolean): string {
  const packed = `${counted(versions, "version")} ${dryRun ? "would lie" : versions === 1 ? "lies" : "lie"} in ${counted(packs, "file")}`;
  const sizes =
    bytes === undefined ? formatBytes(bytesBefore) : `${formatBytes(bytesBefore)} → ${formatBytes(bytes)}`;
  return `${paint("green", dryRun ? "-" : "✓")} ${asset}  ${packed} (${sizes})`;
}
