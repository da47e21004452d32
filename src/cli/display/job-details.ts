import type { JobDetails } from "../../control/jobs/show-job.ts";
import { explainGraph } from "../../core/graph/explain-graph.ts";
import type { JobGraph } from "../../core/graph/graph-data.ts";
import { paint } from "../text/paint.ts";
import { placeText } from "../text/place.ts";
import { formatPairs, formatTable } from "../text/table.ts";
import { doesText, jobPartitionsText } from "./job-listing.ts";
import { runTable } from "./run-listing.ts";
import { section } from "./section.ts";

/** What `millrace job show` prints. */
export function jobDetails(job: JobDetails, graph: JobGraph | undefined, now: number): readonly string[] {
  const { partitions, description, tags } = job;
  return [
    `job ${paint("bold", job.name)}  ${doesText(job)}`,
    ...(description === undefined ? [] : [description]),
    "",
    ...formatPairs([
      ["defined", placeText(job.place)],
      [
        "partitions",
        partitions &&
          `${jobPartitionsText(partitions)} (${partitions.first ?? ""} to ${partitions.last ?? ""})`,
      ],
      ["publishes", job.publish === "run" ? "all at the end of a run" : "each step as soon as it has passed"],
      ["retries", job.retries === 0 ? undefined : String(job.retries)],
      ["timeout", job.timeout],
      ["tags", tagsText(tags)],
    ]),
    ...section("config", configTable(job)),
    ...section("steps", graph === undefined ? [] : explainGraph(graph)),
    ...section("ops", opTable(job)),
    ...section("assets", job.assets),
    ...section("last runs", job.runs.length === 0 ? ["never run"] : runTable(job.runs, now)),
  ];
}

function tagsText(tags: Readonly<Record<string, string>>): string {
  return Object.entries(tags)
    .map(([name, value]) => (value === "" ? name : `${name}=${value}`))
    .join(", ");
}

function configTable({ config }: JobDetails): readonly string[] {
  if (config.length === 0) return [];
  return formatTable(
    [{ title: "name" }, { title: "type" }, { title: "default" }, { title: "meaning" }],
    config.map((field) => [
      field.path,
      field.type,
      field.required ? "required" : field.default === undefined ? "" : JSON.stringify(field.default),
      field.description ?? "",
    ]),
  );
}

function opTable({ steps }: JobDetails): readonly string[] {
  if (steps.length === 0) return [];
  return formatTable(
    [{ title: "step" }, { title: "op" }, { title: "defined" }, { title: "meaning" }],
    steps.map(({ id, op, place, description = "" }) => [
      id,
      op === id ? "" : op,
      placeText(place),
      description.split("\n", 1).join(""),
    ]),
  );
}
