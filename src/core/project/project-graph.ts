import type { AssetDefinition } from "../asset/asset-definition.ts";
import type { Computation } from "../asset/computation.ts";
import type { EndpointDefinition } from "../endpoint/endpoint-definition.ts";
import type { CheckDefinition } from "../check/check-definition.ts";
import { checkReads } from "../check/check-reads.ts";
import type { ProjectDefinition } from "./project.ts";

/** Who reads whom, both ways. Assumes a validated project: keys are unique and there is no cycle. */
export class ProjectGraph {
  /** Upstream before downstream; otherwise in the order of definition. */
  readonly computations: readonly Computation[];
  /** Their assets, in the same order: what is made together stands together. */
  readonly order: readonly AssetDefinition[];
  readonly byKey: ReadonlyMap<string, AssetDefinition>;
  readonly #downstream = new Map<AssetDefinition, AssetDefinition[]>();
  readonly endpoints: readonly EndpointDefinition[];
  readonly #readers = new Map<AssetDefinition, EndpointDefinition[]>();
  readonly #waitsFor: (computation: Computation) => readonly AssetDefinition[];

  constructor(
    project: Pick<ProjectDefinition, "assets"> & Partial<Pick<ProjectDefinition, "checks" | "endpoints">>,
  ) {
    this.endpoints = project.endpoints ?? [];
    for (const endpoint of this.endpoints) {
      for (const asset of new Set(endpoint.reads.values())) {
        const readers = this.#readers.get(asset);
        if (readers === undefined) this.#readers.set(asset, [endpoint]);
        else readers.push(endpoint);
      }
    }
    this.#waitsFor = (computation) => waitsFor(computation, (asset) => project.checks?.get(asset) ?? []);
    this.byKey = new Map(project.assets.map((asset) => [asset.key, asset]));
    for (const asset of project.assets) {
      for (const upstream of new Set(asset.dependencies.values())) {
        const readers = this.#downstream.get(upstream);
        if (readers === undefined) this.#downstream.set(upstream, [asset]);
        else readers.push(asset);
      }
    }
    const order = new Set<Computation>();
    // An explicit stack: a chain of 10,000 assets must not overflow the call stack.
    for (const { computation } of project.assets) {
      const stack = [computation];
      while (stack.length > 0) {
        const top = stack[stack.length - 1] as Computation;
        const waiting = order.has(top)
          ? []
          : this.#waitsFor(top)
              .map((upstream) => upstream.computation)
              .filter((upstream) => !order.has(upstream));
        if (waiting.length > 0) stack.push(...waiting.toReversed());
        else order.add(stack.pop() as Computation);
      }
    }
    this.computations = [...order];
    this.order = this.computations.flatMap(({ outputs }) => outputs.map(({ asset }) => asset));
  }

  upstreamOf(asset: AssetDefinition): readonly AssetDefinition[] {
    return [...new Set(asset.dependencies.values())];
  }

  /** What must be there before a step can make its outputs and check them: its upstream, and what checks read besides. */
  waitsFor(computation: Computation): readonly AssetDefinition[] {
    return this.#waitsFor(computation);
  }

  downstreamOf(asset: AssetDefinition): readonly AssetDefinition[] {
    return this.#downstream.get(asset) ?? [];
  }

  /** Endpoints that read the asset. */
  endpointsOver(asset: AssetDefinition): readonly EndpointDefinition[] {
    return this.#readers.get(asset) ?? [];
  }
}

/** See {@link ProjectGraph.waitsFor}. Checks of one output may read the others: they are made in the same step. */
export function waitsFor(
  { dependencies, outputs }: Computation,
  checksOf: (asset: AssetDefinition) => readonly CheckDefinition[],
): readonly AssetDefinition[] {
  const waited = new Set(dependencies.values());
  for (const { asset } of outputs) {
    for (const { rule } of checksOf(asset)) {
      for (const read of checkReads(rule).values()) {
        if (!outputs.some((own) => own.asset === read)) waited.add(read);
      }
    }
  }
  return [...waited];
}
