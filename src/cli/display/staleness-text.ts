import type { AssetSummary, PartitionSummary } from "../../control/assets/asset-summary.ts";
import { thousands } from "../../core/counted.ts";
import { paint } from "../text/paint.ts";

/** "fresh", "stale: its code changed", "2 of 6 missing, 1 stale: flights changed". */
export function stalenessText(asset: AssetSummary): string {
  if (asset.problem !== undefined) return paint("red", asset.problem);
  const { staleness, partitions } = asset;
  if (staleness === undefined) return "";
  const { status, fresh, stale, upstreamStale, missing, held, holds } = staleness;
  if (status === "fresh") return paint("green", "fresh");
  if (status === "held" && held === 1 && fresh === 0) return paint("yellow", holds.join(", "));
  const causes = staleness.causes.filter((cause) => cause !== "never materialized");
  const why = causes.length === 0 ? "" : `: ${causes.join(", ")}`;
  const colour = status === "missing" ? "red" : "yellow";
  const total = fresh + stale + upstreamStale + missing + held;
  if (partitions === undefined || missing === total) return paint(colour, `${status}${why}`);
  const parts = [
    [missing, "missing"],
    [stale, "stale"],
    [upstreamStale, "upstream stale"],
    [held, held === 0 ? "" : holds.join(", ")],
  ] as const;
  const counts = parts.flatMap(([count, word]) => (count === 0 ? [] : [`${thousands(count)} ${word}`]));
  return paint(colour, `${counts.join(", ")}${why}`);
}

/** "6 of 6 months". */
export function partitionsText({ unit, count, materialized }: PartitionSummary): string {
  const noun = `${unit ?? "key"}${count === 1 ? "" : "s"}`;
  return `${thousands(materialized)} of ${thousands(count)} ${noun}`;
}
