import type { AssetDefinition } from "../asset/asset-definition.ts";
import type { Computation } from "../asset/computation.ts";

/** In which order computations can be made, or why in none. */
export interface WaitingOrder {
  /** What is waited for comes first, in the order in which it is named; otherwise as given. */
  readonly order: readonly Computation[];
  /** Assets that wait for each other in a circle, the first one repeated at the end. Such a walk is not finished. */
  readonly cycle?: readonly AssetDefinition[];
}

/** A computation on the way down, by the asset that led to it, and what it waits for that was not looked at yet. */
interface Step {
  readonly asset: AssetDefinition;
  readonly waits: Iterator<AssetDefinition>;
}

/** Depth first, with a stack of its own: a chain of 10,000 must not overflow the call stack. */
export function waitingOrder(
  assets: readonly AssetDefinition[],
  waitsFor: (computation: Computation) => Iterable<AssetDefinition>,
): WaitingOrder {
  const order: Computation[] = [];
  /** Those on the path are not done. */
  const done = new Map<Computation, boolean>();
  const path: Step[] = [];
  const enter = (asset: AssetDefinition): void => {
    done.set(asset.computation, false);
    path.push({ asset, waits: waitsFor(asset.computation)[Symbol.iterator]() });
  };
  for (const start of assets) {
    if (done.has(start.computation)) continue;
    enter(start);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const next = top.waits.next();
      if (next.done === true) {
        const { computation } = top.asset;
        done.set(computation, true);
        order.push(computation);
        path.pop();
        continue;
      }
      const state = done.get(next.value.computation);
      if (state === undefined) enter(next.value);
      else if (!state) return { order, cycle: circle(path, next.value) };
    }
  }
  return { order };
}

function circle(path: readonly Step[], closing: AssetDefinition): readonly AssetDefinition[] {
  const assets = path.map(({ asset }) => asset);
  const start = assets.findIndex(({ computation }) => computation === closing.computation);
  return [...assets.slice(start), closing];
}
