import type { EnvironmentDetails, EnvironmentSummary } from "../../control/environments.ts";
import { counted } from "../../core/counted.ts";
import { paint } from "../text/paint.ts";
import { relativeTime } from "../text/relative-time.ts";
import { formatTable } from "../text/table.ts";

/** What `millrace env ls` prints. */
export function environmentListing(
  environments: readonly EnvironmentSummary[],
  now: number,
): readonly string[] {
  return formatTable(
    [
      { title: "environment" },
      { title: "based on" },
      { title: "snapshot", align: "right" },
      { title: "published" },
      { title: "own assets", align: "right" },
      { title: "" },
    ],
    environments.map((environment) => [
      environment.name,
      baseText(environment),
      String(environment.snapshot),
      environment.publishedAt === undefined ? "" : relativeTime(environment.publishedAt, now),
      String(environment.ownAssets),
      environment.runs === 0 ? "" : counted(environment.runs, "run at work", "runs at work"),
    ]),
  );
}

/** What `millrace env show` prints. */
export function environmentDetails(environment: EnvironmentDetails, now: number): readonly string[] {
  const { name, children, createdAt, own, snapshot, runs } = environment;
  const base = baseText(environment);
  const lines = [
    paint("bold", name),
    base === "" ? "the environment that the project began with" : `based on ${base}`,
    `made ${relativeTime(createdAt, now)}; now at snapshot ${snapshot}`,
  ];
  if (runs > 0) lines.push(counted(runs, "run at work", "runs at work"));
  if (children.length > 0) lines.push(`based on it: ${children.join(", ")}`);
  if (own.length === 0) return [...lines, "", "it has nothing of its own"];
  const table = formatTable(
    [{ title: "own asset" }, { title: "partitions", align: "right" }, { title: "hidden", align: "right" }],
    own.map(({ key, partitions, hidden }) => [key, String(partitions), hidden === 0 ? "" : String(hidden)]),
  );
  return [...lines, "", ...table];
}

/** What `millrace env create` prints. */
export function createdText({ name, ...environment }: EnvironmentSummary): readonly string[] {
  return [
    `made ${name}, which shows ${baseText({ ...environment, name })} and copies nothing`,
    `to work in it: millrace --env ${name} materialize '*' --stale`,
  ];
}

/** What `millrace env drop` prints. */
export function droppedText({
  name,
  ownAssets,
}: {
  readonly name: string;
  readonly ownAssets: number;
}): readonly string[] {
  const gone =
    ownAssets === 0 ? "" : `; what only it needed of ${counted(ownAssets, "asset")} goes with millrace gc`;
  return [`dropped ${name}${gone}`];
}

function baseText({ base }: EnvironmentSummary): string {
  return base === undefined ? "" : `${base.environment}@${base.snapshot}`;
}
