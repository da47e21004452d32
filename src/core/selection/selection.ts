import type { AssetDefinition } from "../asset/asset-definition.ts";
import { MillraceError } from "../errors.ts";
import type { ProjectGraph } from "../project/project-graph.ts";

/**
 * Which assets are meant. Terms are divided by spaces or commas, and all that any of them names is selected:
 * `key` (with `*` for any part of it), `group:name`, `tag:name`, `tag:name=value`, `kind:table`; `+x` adds everything
 * upstream of it, `x+` everything downstream, `2+x` two levels up. `*` is all of them.
 */
export function select(selection: string, graph: ProjectGraph): readonly AssetDefinition[] {
  const chosen = new Set<AssetDefinition>();
  for (const match of selection.matchAll(/[^\s,]+/g)) {
    for (const asset of selectTerm(match[0], match.index, selection, graph)) chosen.add(asset);
  }
  if (chosen.size === 0) throw new MillraceError("SELECTION_EMPTY", { selection });
  return graph.order.filter((asset) => chosen.has(asset));
}

function selectTerm(
  term: string,
  position: number,
  selection: string,
  graph: ProjectGraph,
): Set<AssetDefinition> {
  const parsed = /^(?:(\d*)(\+))?([^+]+)(?:(\+)(\d*))?$/.exec(term);
  const atom = parsed?.[3];
  if (parsed === null || atom === undefined) {
    throw new MillraceError("SELECTION_INVALID", {
      selection,
      position: position + 1,
      reason: `«${term}» is no term`,
    });
  }
  const matches = matcher(atom, position + term.indexOf(atom), selection);
  const found = new Set(graph.order.filter(matches));
  if (found.size === 0) throw new MillraceError("SELECTION_EMPTY", { selection: atom });
  const all = new Set(found);
  if (parsed[2] !== undefined) spread(all, found, levels(parsed[1]), (asset) => graph.upstreamOf(asset));
  if (parsed[4] !== undefined) spread(all, found, levels(parsed[5]), (asset) => graph.downstreamOf(asset));
  return all;
}

function levels(digits: string | undefined): number {
  return digits === undefined || digits === "" ? Number.POSITIVE_INFINITY : Number(digits);
}

function spread(
  into: Set<AssetDefinition>,
  from: ReadonlySet<AssetDefinition>,
  depth: number,
  neighbours: (asset: AssetDefinition) => readonly AssetDefinition[],
): void {
  const reached = new Set(from);
  let edge: readonly AssetDefinition[] = [...from];
  for (let level = 0; level < depth && edge.length > 0; level += 1) {
    edge = [...new Set(edge.flatMap(neighbours))].filter((asset) => !reached.has(asset));
    for (const asset of edge) {
      reached.add(asset);
      into.add(asset);
    }
  }
}

function matcher(atom: string, position: number, selection: string): (asset: AssetDefinition) => boolean {
  const [, attribute, value] = /^(\w+):(.+)$/.exec(atom) ?? [];
  if (attribute === undefined || value === undefined) {
    if (!/^[\w\-/*]+$/.test(atom)) {
      throw new MillraceError("SELECTION_INVALID", {
        selection,
        position: position + 1,
        reason: `«${atom}» is no key`,
      });
    }
    const pattern = new RegExp(`^${atom.split("*").map(escape).join(".*")}$`);
    return (asset) => pattern.test(asset.key);
  }
  if (attribute === "key") return (asset) => asset.key === value;
  if (attribute === "group") return (asset) => asset.group === value;
  if (attribute === "kind") return (asset) => asset.kind === value;
  if (attribute === "tag") {
    const [, name = "", wanted] = /^([^=]*)(?:=(.*))?$/.exec(value) ?? [];
    return ({ tags }) => Object.hasOwn(tags, name) && (wanted === undefined || tags[name] === wanted);
  }
  const reason = `there is no attribute ${attribute}; there are key, group, kind and tag`;
  throw new MillraceError("SELECTION_INVALID", { selection, position: position + 1, reason });
}

function escape(text: string): string {
  return text.replace(/[-/\\^$*+?.()|[\]{}]/g, "\\$&");
}
