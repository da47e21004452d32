import type { ConfigMember, ResourceDescription } from "../../control/resources/describe-resource.ts";
import { counted } from "../../core/counted.ts";
import { formatDuration } from "../../core/duration.ts";
import { paint } from "../text/paint.ts";
import { placeText } from "../text/place.ts";
import { formatPairs, formatTable } from "../text/table.ts";
import { section } from "./section.ts";

/** What `millrace resource ls` prints. */
export function resourceListing(resources: readonly ResourceDescription[]): readonly string[] {
  if (resources.length === 0) return ["there are no resources"];
  const rows = resources.map((resource) => [
    resource.name,
    resource.scope === "process" ? "the process" : "each run",
    usersText(resource),
    resource.mistakes.length === 0
      ? ""
      : paint("red", `${counted(resource.mistakes.length, "mistake")} in its config`),
  ]);
  return formatTable(
    [{ title: "resource" }, { title: "one for" }, { title: "used by" }, { title: "" }],
    rows,
  );
}

function usersText({ usedBy }: ResourceDescription): string {
  const counts = Object.entries(usedBy).flatMap(([kind, users]: [string, readonly string[]]) =>
    users.length === 0 ? [] : [counted(users.length, kind.slice(0, -1))],
  );
  return counts.length === 0 ? "nobody" : counts.join(", ");
}

/** What `millrace resource show` prints. */
export function resourceDetails(
  resource: ResourceDescription,
  health: { readonly milliseconds: number } | undefined,
): readonly string[] {
  const { name, description, scope, affectsData, config, mistakes, madeOf, usedBy } = resource;
  return [
    `${paint("bold", name)}  resource`,
    ...(description === undefined ? [] : ["", description]),
    "",
    ...formatPairs([
      ["defined", placeText(resource)],
      ["one for", scope === "process" ? "the process" : "each run"],
      ["config", affectsData ? "affects data: another one makes stale what works with it" : undefined],
      ["made of", madeOf.length === 0 ? undefined : madeOf.join(", ")],
      [
        "health",
        health === undefined
          ? undefined
          : `${paint("green", "fit")}, opened and closed in ${formatDuration(health.milliseconds)}`,
      ],
    ]),
    ...section(
      "config",
      formatTable(
        [{ title: "" }, { title: "" }, { title: "" }],
        Object.entries(config).map(([member, told]) => [member, valueText(told), fromText(told)]),
      ).slice(1),
    ),
    ...section(
      "mistakes",
      mistakes.map((mistake) => paint("red", mistake)),
    ),
    ...section(
      "used by",
      Object.entries(usedBy).flatMap(([kind, users]: [string, readonly string[]]) =>
        users.map((user) => `${kind.slice(0, -1)} ${user}`),
      ),
    ),
  ];
}

function valueText({ value }: ConfigMember): string {
  if (value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

function fromText({ variable, from }: ConfigMember): string {
  if (variable !== undefined) {
    const { name, set } = variable;
    return set ? `from ${name}` : `${paint("yellow", name)} is not set`;
  }
  return from === "code" ? "" : from === "default" ? paint("dim", "default") : paint("dim", "not given");
}
