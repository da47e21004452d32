import type { AssetDefinition } from "../asset/asset-definition.ts";
import type { CheckDefinition } from "../check/check-definition.ts";
import type { ProjectDefinition } from "./project.ts";

/** Who reads whom, both ways. Assumes a validated project: keys are unique and there is no cycle. */
export class ProjectGraph {
  /** Upstream before downstream; otherwise in the order of definition. */
  readonly order: readonly AssetDefinition[];
  readonly byKey: ReadonlyMap<string, AssetDefinition>;
  readonly #downstream = new Map<AssetDefinition, AssetDefinition[]>();
  readonly #waitsFor: (asset: AssetDefinition) => readonly AssetDefinition[];

  constructor(project: Pick<ProjectDefinition, "assets"> & Partial<Pick<ProjectDefinition, "checks">>) {
    this.#waitsFor = (asset) => waitsFor(asset, project.checks?.get(asset) ?? []);
    this.byKey = new Map(project.assets.map((asset) => [asset.key, asset]));
    for (const asset of project.assets) {
      for (const upstream of new Set(asset.dependencies.values())) {
        const readers = this.#downstream.get(upstream);
        if (readers === undefined) this.#downstream.set(upstream, [asset]);
        else readers.push(asset);
      }
    }
    const order = new Set<AssetDefinition>();
    // An explicit stack: a chain of 10,000 assets must not overflow the call stack.
    for (const asset of project.assets) {
      const stack = [asset];
      while (stack.length > 0) {
        const top = stack[stack.length - 1] as AssetDefinition;
        const waiting = order.has(top) ? [] : this.#waitsFor(top).filter((upstream) => !order.has(upstream));
        if (waiting.length > 0) stack.push(...waiting.toReversed());
        else order.add(stack.pop() as AssetDefinition);
      }
    }
    this.order = [...order];
  }

  upstreamOf(asset: AssetDefinition): readonly AssetDefinition[] {
    return [...new Set(asset.dependencies.values())];
  }

  /** What must be there before the asset can be made and checked: its upstream, and what its checks read besides. */
  waitsFor(asset: AssetDefinition): readonly AssetDefinition[] {
    return this.#waitsFor(asset);
  }

  downstreamOf(asset: AssetDefinition): readonly AssetDefinition[] {
    return this.#downstream.get(asset) ?? [];
  }
}

/** See {@link ProjectGraph.waitsFor}. */
export function waitsFor(
  asset: AssetDefinition,
  checks: readonly CheckDefinition[],
): readonly AssetDefinition[] {
  const read = checks.flatMap(({ rule }) => (rule.rule === "run" ? [...rule.dependencies.values()] : []));
  return [...new Set([...asset.dependencies.values(), ...read.filter((other) => other !== asset)])];
}
