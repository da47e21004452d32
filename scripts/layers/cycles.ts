/** Circles in a graph, each as the nodes on the way round; a graph without one yields none. */
export function findCycles(edges: ReadonlyMap<string, readonly string[]>): string[][] {
  const cycles: string[][] = [];
  const done = new Set<string>();
  const path: string[] = [];

  const visit = (node: string) => {
    const seenAt = path.indexOf(node);
    if (seenAt !== -1) cycles.push(path.slice(seenAt));
    if (seenAt !== -1 || done.has(node)) return;
    path.push(node);
    for (const next of edges.get(node) ?? []) visit(next);
    path.pop();
    done.add(node);
  };

  for (const node of edges.keys()) visit(node);
  return cycles;
}
