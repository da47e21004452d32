import type { AssetSummary } from "../../control/assets/asset-summary.ts";
import type { EndpointSummary } from "../../control/assets/endpoint-summary.ts";
import type { AssetListing } from "../../control/assets/list-assets.ts";
import { counted, thousands } from "../../core/counted.ts";
import { paint } from "../text/paint.ts";
import { relativeTime } from "../text/relative-time.ts";
import { formatTable } from "../text/table.ts";
import { partitionsText, stalenessText } from "./staleness-text.ts";

/** What `millrace ls` prints. */
export function assetListing(listing: AssetListing, now: number): readonly string[] {
  const tables = [
    ...(listing.assets.length > 0 ? [assetTable(listing.assets, now)] : []),
    ...(listing.endpoints.length > 0 ? [endpointTable(listing.endpoints)] : []),
  ];
  return [
    ...(tables.length > 0 ? tables : [["nothing is selected"]]).flatMap((lines) => [...lines, ""]),
    paint(
      "dim",
      [
        `${listing.project}, environment ${listing.environment}, snapshot ${listing.snapshot}`,
        ...(listing.jobs === 0 ? [] : [counted(listing.jobs, "job")]),
        ...(listing.ops === 0 ? [] : [counted(listing.ops, "op")]),
      ].join(", "),
    ),
  ];
}

function assetTable(assets: readonly AssetSummary[], now: number): readonly string[] {
  return formatTable(
    [
      { title: "asset" },
      { title: "kind" },
      { title: "group" },
      { title: "partitions" },
      { title: "rows", align: "right" },
      { title: "last materialized" },
      { title: "state" },
    ],
    assets.map((asset) => assetRow(asset, now)),
  );
}

function assetRow(asset: AssetSummary, now: number): readonly string[] {
  const { key, kind, external, group = "", partitions, rowCount, lastMaterialized, lastObserved } = asset;
  const seen = lastObserved === undefined ? "" : `seen ${relativeTime(lastObserved, now)}`;
  const made = lastMaterialized === undefined ? "never" : relativeTime(lastMaterialized, now);
  return [
    paint("bold", key),
    external ? `${kind}, external` : kind,
    group,
    partitions === undefined ? "" : partitionsText(partitions),
    rowCount === undefined ? "" : thousands(rowCount),
    external ? paint("dim", seen) : made,
    stalenessText(asset),
  ];
}

function endpointTable(endpoints: readonly EndpointSummary[]): readonly string[] {
  return formatTable(
    [{ title: "endpoint" }, { title: "name" }, { title: "reads" }, { title: "state" }],
    endpoints.map(({ route, name = "", reads, notMaterialized }) => [
      paint("bold", route),
      name,
      reads.join(", "),
      notMaterialized.length === 0 ? "" : paint("red", `waits for ${notMaterialized.join(", ")}`),
    ]),
  );
}
