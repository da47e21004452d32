import type { EndpointDetails } from "../../control/assets/show-endpoint.ts";
import { formatDuration } from "../../core/duration.ts";
import { thousands } from "../../core/counted.ts";
import { paint } from "../text/paint.ts";
import { placeText } from "../text/place.ts";
import { relativeTime } from "../text/relative-time.ts";
import { formatPairs, formatTable } from "../text/table.ts";
import { section } from "./section.ts";
import { stalenessText } from "./staleness-text.ts";

/** What `millrace show <endpoint>` prints. */
export function endpointDetails(endpoint: EndpointDetails, now: number): readonly string[] {
  const { inputs } = endpoint;
  const reads = endpoint.readsInDetail.map((asset) => [
    asset.key,
    asset.kind,
    asset.rowCount === undefined ? "" : thousands(asset.rowCount),
    asset.lastMaterialized === undefined ? "never" : relativeTime(asset.lastMaterialized, now),
    stalenessText(asset),
  ]);
  return [
    `${paint("bold", endpoint.route)}  endpoint`,
    ...(endpoint.description === undefined ? [] : [endpoint.description]),
    "",
    ...formatPairs([
      ["served at", `/api${endpoint.path}`],
      ["name", endpoint.name],
      ["defined", placeText(endpoint.place)],
      ["tags", endpoint.tags.join(", ")],
      ["params", inputs.params.join(", ")],
      ["query", inputs.query.join(", ")],
      ["headers", inputs.headers.join(", ")],
      ["body", endpoint.takesBody ? "yes" : undefined],
      ["time limit", formatDuration(endpoint.timeLimitMs)],
      ["most rows", thousands(endpoint.maxRows)],
      ["cache", endpoint.cache],
    ]),
    ...section(
      "reads",
      formatTable(
        [
          { title: "asset" },
          { title: "kind" },
          { title: "rows", align: "right" },
          { title: "last materialized" },
          { title: "state" },
        ],
        reads,
      ),
    ),
  ];
}
