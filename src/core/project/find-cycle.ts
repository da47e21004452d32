import type { AssetDefinition } from "../asset/asset-definition.ts";

/**
 * Assets that wait for each other in a circle, first one repeated at the end; undefined when there is none.
 * Depth first with a stack of its own: a chain of 10,000 must not overflow the call stack.
 */
export function findCycle(
  assets: readonly AssetDefinition[],
  waitsFor: (asset: AssetDefinition) => readonly AssetDefinition[],
): readonly AssetDefinition[] | undefined {
  const done = new Set<AssetDefinition>();
  for (const start of assets) {
    if (done.has(start)) continue;
    const path: { asset: AssetDefinition; rest: AssetDefinition[] }[] = [];
    const onPath = new Set<AssetDefinition>();
    const enter = (asset: AssetDefinition): void => {
      path.push({ asset, rest: [...waitsFor(asset)] });
      onPath.add(asset);
    };
    enter(start);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const next = top.rest.pop();
      if (next === undefined) {
        done.add(top.asset);
        onPath.delete(top.asset);
        path.pop();
      } else if (onPath.has(next)) {
        const circle = path.map((entry) => entry.asset);
        return [...circle.slice(circle.indexOf(next)), next];
      } else if (!done.has(next)) {
        enter(next);
      }
    }
  }
  return undefined;
}
