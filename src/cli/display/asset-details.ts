import type { LastFailure } from "../../control/runs/last-failures.ts";
import type {
  AssetDetails,
  CheckDetails,
  ObservationDetails,
  VersionDetails,
} from "../../control/assets/show-asset.ts";
import { formatDuration } from "../../core/duration.ts";
import { engineType } from "../../core/column/engine-type.ts";
import { thousands } from "../../core/counted.ts";
import type { StoredMetadata } from "../../core/metadata/metadata-value.ts";
import { formatBytes } from "../text/bytes.ts";
import { metadataLines, metadataSummary } from "../text/metadata.ts";
import { paint } from "../text/paint.ts";
import { placeText } from "../text/place.ts";
import { relativeTime } from "../text/relative-time.ts";
import { shortId } from "../text/short-id.ts";
import { formatPairs, formatTable } from "../text/table.ts";
import { section } from "./section.ts";
import { partitionsText, stalenessText } from "./staleness-text.ts";

/** What `millrace show <asset>` prints. */
export function assetDetails(asset: AssetDetails, now: number): readonly string[] {
  const { partitions } = asset;
  const tags = Object.entries(asset.tags).map(([name, value]) => (value === "" ? name : `${name}=${value}`));
  return [
    `${paint("bold", asset.key)}  ${asset.kind}${asset.external ? ", external" : ""}`,
    ...(asset.description === undefined ? [] : [asset.description]),
    "",
    ...formatPairs([
      ["defined", placeText(asset.place)],
      ["source", asset.source],
      ["group", asset.group],
      ["tags", tags.join(", ")],
      ["owners", asset.owners.join(", ")],
      [
        "partitions",
        partitions && `${partitionsText(partitions)} (${partitions.first ?? ""} to ${partitions.last ?? ""})`,
      ],
      ["state", stalenessText(asset)],
      ["rows", asset.rowCount === undefined ? undefined : thousands(asset.rowCount)],
      ["size", asset.bytes === undefined ? undefined : formatBytes(asset.bytes)],
      ["code", asset.codeVersion?.slice(0, 12)],
      ["config", configNames(asset)],
      ["retries", asset.retries === 0 ? undefined : String(asset.retries)],
      ["timeout", asset.timeoutMs === undefined ? undefined : formatDuration(asset.timeoutMs)],
      ["reads", asset.dependencies.map(({ key }) => key).join(", ")],
      ["read by", [...asset.downstream.assets, ...asset.downstream.endpoints].join(", ")],
    ]),
    ...section("columns", columnLines(asset)),
    ...section("sql", asset.sql?.split("\n") ?? []),
    ...section("checks", checkLines(asset.checks, now)),
    ...failureLines(asset.lastFailures, now),
    ...section("observed", observationLines(asset.observations, now)),
    ...section("current", versionLines(asset.versions, now)),
    ...section("metadata", metadataLines(keptBy(asset))),
  ];
}

function columnLines({ columns = [] }: AssetDetails): readonly string[] {
  return columns.length === 0
    ? []
    : formatTable(
        [{ title: "name" }, { title: "type" }, { title: "null" }],
        columns.map(({ name, type, nullable }) => [name, engineType(type), nullable ? "yes" : "no"]),
      );
}

function checkLines(checks: readonly CheckDetails[], now: number): readonly string[] {
  return checks.flatMap(({ name, blocking, evaluations }) => {
    const failed = evaluations.filter((evaluation) => !evaluation.passed);
    const last = evaluations
      .map((evaluation) => evaluation.evaluatedAt)
      .sort()
      .at(-1);
    const verdict =
      last === undefined
        ? paint("dim", "not evaluated yet")
        : failed.length === 0
          ? paint("green", `passed ${relativeTime(last, now)}`)
          : paint("red", `failed ${relativeTime(last, now)}`);
    return [
      `${name}  ${blocking ? "" : "(does not block) "}${verdict}`,
      ...failed.map(
        ({ partition, description = "" }) =>
          `  ${partition === undefined ? "" : `${partition}: `}${description}`,
      ),
    ];
  });
}

function configNames({ config }: AssetDetails): string | undefined {
  const members = config?.["properties"];
  return typeof members === "object" && members !== null ? Object.keys(members).join(", ") : undefined;
}

function failureLines(failures: readonly LastFailure[], now: number): readonly string[] {
  const lines = failures.map(({ partitions, failedAt, runId, reason }) => {
    const where = partitions === undefined ? "" : `${partitions}: `;
    const what = paint("red", `last attempt failed ${relativeTime(failedAt, now)}`);
    return `${where}${what} in run ${shortId(runId)}: ${reason.replaceAll(/\s*\n\s*/g, " ")}`;
  });
  return lines.length === 0 ? [] : ["", ...lines];
}

function observationLines(observations: readonly ObservationDetails[], now: number): readonly string[] {
  return observations.length === 0
    ? []
    : formatTable(
        [
          { title: "content" },
          { title: "first seen" },
          { title: "last seen" },
          { title: "reported by" },
          { title: "" },
        ],
        observations.map(({ dataVersion, firstObservedAt, observedAt, reportedBy = "", metadata }) => [
          dataVersion.startsWith("sha256:") ? shortId(dataVersion.slice("sha256:".length)) : dataVersion,
          relativeTime(firstObservedAt, now),
          relativeTime(observedAt, now),
          reportedBy,
          metadataSummary(metadata),
        ]),
      );
}

function versionLines(versions: readonly VersionDetails[], now: number): readonly string[] {
  return versions.length === 0
    ? []
    : formatTable(
        [
          { title: "partition" },
          { title: "rows", align: "right" },
          { title: "size", align: "right" },
          { title: "made" },
          { title: "snapshot", align: "right" },
          { title: "run" },
          { title: "version" },
          { title: "held by" },
          { title: "stale because" },
        ],
        versions.map(({ partition = "", rowCount, bytes, madeAt, since, runId, versionId, hold, causes }) => [
          partition,
          rowCount === undefined ? "" : thousands(rowCount),
          bytes === undefined ? "" : formatBytes(bytes),
          relativeTime(madeAt, now),
          String(since),
          shortId(runId),
          shortId(versionId),
          hold === undefined ? "" : `${hold.by}${hold.reason === "" ? "" : ` (${hold.reason})`}`,
          causes.join(", "),
        ]),
      );
}

/** The definition's own, and what its version brought. Of partitions, `millrace versions` tells what each brought. */
function keptBy({ metadata, versions }: AssetDetails): StoredMetadata {
  const made = versions.length === 1 ? versions[0]?.metadata : undefined;
  return { ...metadata, ...made };
}
