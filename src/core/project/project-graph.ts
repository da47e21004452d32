import type { AssetDefinition } from "../asset/asset-definition.ts";
import type { Computation } from "../asset/computation.ts";
import type { EndpointDefinition } from "../endpoint/endpoint-definition.ts";
import type { CheckDefinition } from "../check/check-definition.ts";
import { checkReads } from "../check/check-reads.ts";
import type { ProjectDefinition } from "./project.ts";
import { waitingOrder } from "./waiting-order.ts";

/** Who reads whom, both ways. Keys that two assets share, and what cannot be ordered, are for validation to tell. */
export class ProjectGraph {
  /** Upstream before downstream; otherwise in the order of definition. */
  readonly computations: readonly Computation[];
  /** Assets that wait for each other in a circle, the first one repeated at the end. A valid project has none. */
  readonly cycle: readonly AssetDefinition[] | undefined;
  /** The assets of the computations, in the same order: what is made together stands together. */
  readonly order: readonly AssetDefinition[];
  readonly byKey: ReadonlyMap<string, AssetDefinition>;
  readonly #downstream = new Map<AssetDefinition, AssetDefinition[]>();
  readonly endpoints: readonly EndpointDefinition[];
  readonly #readers = new Map<AssetDefinition, EndpointDefinition[]>();
  readonly #checksOf: ChecksOf;

  constructor(
    project: Pick<ProjectDefinition, "assets"> & Partial<Pick<ProjectDefinition, "checks" | "endpoints">>,
  ) {
    this.endpoints = project.endpoints ?? [];
    for (const endpoint of this.endpoints) {
      for (const asset of endpoint.reads.values()) addReader(this.#readers, asset, endpoint);
    }
    this.byKey = new Map(project.assets.map((asset) => [asset.key, asset]));
    for (const asset of project.assets) {
      for (const upstream of asset.dependencies.values()) addReader(this.#downstream, upstream, asset);
    }
    this.#checksOf = (asset) => project.checks?.get(asset) ?? [];
    const { order, cycle } = waitingOrder(project.assets, (computation) =>
      waitedFor(computation, this.#checksOf),
    );
    this.computations = order;
    this.cycle = cycle;
    this.order = order.flatMap(({ outputs }) => outputs.map(({ asset }) => asset));
  }

  upstreamOf(asset: AssetDefinition): readonly AssetDefinition[] {
    return [...new Set(asset.dependencies.values())];
  }

  /** What must be there before a step can make its outputs and check them: its upstream, and what checks read besides. */
  waitsFor(computation: Computation): readonly AssetDefinition[] {
    return [...new Set(waitedFor(computation, this.#checksOf))];
  }

  downstreamOf(asset: AssetDefinition): readonly AssetDefinition[] {
    return this.#downstream.get(asset) ?? [];
  }

  /** Endpoints that read the asset. */
  endpointsOver(asset: AssetDefinition): readonly EndpointDefinition[] {
    return this.#readers.get(asset) ?? [];
  }
}

type ChecksOf = (asset: AssetDefinition) => readonly CheckDefinition[];

/** Readers come one after another, so one that reads a thing under two names is the last that was added. */
function addReader<Reader>(
  readers: Map<AssetDefinition, Reader[]>,
  asset: AssetDefinition,
  reader: Reader,
): void {
  const known = readers.get(asset);
  if (known === undefined) readers.set(asset, [reader]);
  else if (known.at(-1) !== reader) known.push(reader);
}

/** What a computation waits for, once for each name. Checks of one output may read the others: they are made in one step. */
export function waitedFor(
  { dependencies, outputs }: Computation,
  checksOf: ChecksOf,
): readonly AssetDefinition[] {
  const waited = [...dependencies.values()];
  for (const { asset } of outputs) {
    for (const { rule } of checksOf(asset)) {
      for (const read of checkReads(rule).values()) {
        if (!outputs.some((own) => own.asset === read)) waited.push(read);
      }
    }
  }
  return waited;
}
