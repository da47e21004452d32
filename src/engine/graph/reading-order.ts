import type { AssetDefinition } from "../../core/asset/asset-definition.ts";
import type { GraphNode, JobGraph } from "../../core/graph/graph-data.ts";

/** Assets that a node materializes, by its id. */
export type Materialized = ReadonlyMap<string, ReadonlySet<AssetDefinition>>;

/** In which order ops read assets and the same job makes them. */
export interface ReadingOrder {
  /** Nodes that an op waits for, because they make what it reads. */
  after(op: string): readonly string[];
  /** Nodes that a materialization waits for, because they read what it makes, as it was. */
  before(materialize: string): readonly string[];
}

/**
 * As written: an op that is called after a materialization reads what that made, one that is called before it reads what
 * was there.
 */
export function readingOrder({ nodes }: JobGraph, materialized: Materialized): ReadingOrder {
  const after = new Map<string, string[]>();
  const before = new Map<string, string[]>();
  for (const [id, assets] of materialized) {
    const place = nodes.findIndex((node) => node.id === id);
    for (const [index, node] of nodes.entries()) {
      const reading = readers(node, assets);
      if (reading.length === 0) continue;
      if (index < place) push(before, id, node.id);
      else for (const op of reading) push(after, op, id);
    }
  }
  return { after: (op) => after.get(op) ?? [], before: (node) => before.get(node) ?? [] };
}

/** Ops of a node, and of what it maps, that read one of these. */
function readers(node: GraphNode, assets: ReadonlySet<AssetDefinition>): readonly string[] {
  if (node.node === "map") return node.body.nodes.flatMap((inner) => readers(inner, assets));
  if (node.node !== "op") return [];
  return [...node.op.dependencies.values()].some((asset) => assets.has(asset)) ? [node.id] : [];
}

function push(lists: Map<string, string[]>, key: string, value: string): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
