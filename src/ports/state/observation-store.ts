import type { Scope } from "./project-store.ts";

/** What was last seen of an external asset: enough to know without reading it that it has not moved (N25). */
export interface Observation {
  readonly assetId: number;
  readonly dataVersion: string;
  /** Cheap marks that stand for the content: size and modification time of a file. Canonical JSON. */
  readonly mark: string;
  readonly observedAt: number;
  readonly runId?: string;
}

export interface ObservationStore {
  latest(scope: Scope, assetIds: readonly number[]): Promise<ReadonlyMap<number, Observation>>;
  record(scope: Scope, observation: Observation): Promise<void>;
}
