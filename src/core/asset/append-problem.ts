import { previousName, readsPrevious } from "../sql/previous.ts";
import type { AssetDefinition } from "./asset-definition.ts";
import type { AssetBody } from "./computation.ts";

/** What keeps an asset from adding rows to those it has; what only such an asset can use is told likewise. */
export function appendProblem(
  {
    write,
    deps = {},
  }: { readonly write?: "replace" | "append"; readonly deps?: Readonly<Record<string, unknown>> },
  kind: AssetDefinition["kind"],
  body: AssetBody,
): string | undefined {
  if (write !== "append") {
    const reads = body.body === "sql" && readsPrevious(body.sql);
    return reads ? 'sql.previous is what an appending asset has so far: it needs write: "append"' : undefined;
  }
  if (kind !== "table") return `write: "append" adds rows, and a ${kind} has none: it needs columns`;
  return Object.hasOwn(deps, previousName)
    ? `${previousName} is what an appending asset has so far: give that dependency another name`
    : undefined;
}
