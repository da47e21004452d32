import type { AssetDefinition } from "../asset/asset-definition.ts";
import { MillraceError } from "../errors.ts";
import { nodesOf } from "../graph/graph-nodes.ts";

/** What is wrong with the graph that makes an asset: mistakes in its function, and ops that read what it does not name. */
export function assetGraphProblems({
  key,
  body,
  dependencies,
  site,
}: AssetDefinition): readonly MillraceError[] {
  if (body.body !== "graph") return [];
  const listed = new Set(dependencies.values());
  const unlisted = [...nodesOf(body.graph())].flatMap((node) => {
    if (node.node !== "op") return [];
    const place = { asset: key, ...(node.site ?? site).place };
    return [...node.op.dependencies.values()]
      .filter((dependency) => !listed.has(dependency))
      .map(
        (dependency) =>
          new MillraceError(
            "GRAPH_READS_UNLISTED",
            { key, op: node.id, dependency: dependency.key },
            { place },
          ),
      );
  });
  return [...body.problems(), ...unlisted];
}
