import type { Scope } from "./project-store.ts";
import type { StoredMetadata } from "../../core/metadata/metadata-value.ts";

/** What was last seen of an external asset: enough to know without reading it that it has not moved (N25). */
export interface Observation {
  readonly assetId: number;
  readonly dataVersion: string;
  /** Cheap marks that stand for the content: size and modification time of a file. Canonical JSON. */
  readonly mark: string;
  readonly observedAt: number;
  /** The run that read it. */
  readonly runId?: string;
  readonly metadata?: StoredMetadata;
}

/** One line of an external asset's history: seen so from first to last. */
export interface ObservationRecord extends Observation {
  readonly firstObservedAt: number;
  /** Who reported it, and under which key; absent for what was observed. */
  readonly report?: { readonly by: string; readonly idempotencyKey?: string };
}

/** What somebody tells of an asset that is made elsewhere. */
export interface Report {
  readonly assetId: number;
  readonly asset: string;
  readonly dataVersion: string;
  readonly metadata?: StoredMetadata;
  readonly by: string;
  /** A report with a key that was used before is that report again. */
  readonly idempotencyKey?: string;
}

export interface ObservationStore {
  latest(scope: Scope, assetIds: readonly number[]): Promise<ReadonlyMap<number, Observation>>;
  /** Newest first. */
  history(scope: Scope, assetId: number, limit: number): Promise<readonly ObservationRecord[]>;
  record(scope: Scope, observation: Observation & { readonly asset: string }): Promise<void>;
  /**
   * Notes a report, once for each idempotency key; `repeated` when it had been noted before.
   *
   * @throws REPORT_CONFLICT when the key was used for other content
   */
  report(
    scope: Scope,
    report: Report,
  ): Promise<{ readonly record: ObservationRecord; readonly repeated: boolean }>;
}
