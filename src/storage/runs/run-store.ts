import type { FailedStepRecord, RunOwner, RunRecord, RunStatus, StepRecord } from "../../core/run/run.ts";
import type { Scope } from "../../ports/state/project-store.ts";
import type {
  Checkpoint,
  NewRun,
  PublishRequest,
  PublishResult,
  RunRevision,
  RunChange,
  RunLease,
  RunStore,
  StepValue,
  TakenOver,
} from "../../ports/state/run-store.ts";
import { applyChanges } from "./apply-changes.ts";
import { readCheckpoints } from "./checkpoints.ts";
import { createRun } from "./create-run.ts";
import type { Database } from "../database/database.ts";
import { endRun } from "./end-run.ts";
import { publishVersions } from "../publish/publish.ts";
import { renewLease } from "./run-lease.ts";
import { readFailedSteps } from "./failed-steps.ts";
import { readStepValues } from "./run-steps.ts";
import { latestRun, listRuns, readRun, readSteps, unendedRuns } from "./run-rows.ts";
import { snapshotsOfRun } from "../snapshots/snapshot-rows.ts";
import { takeOverRun } from "./take-over.ts";

export class SqlRunStore implements RunStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  create(scope: Scope, run: NewRun, owner: RunOwner, leaseMs: number): Promise<RunLease> {
    return this.#database.write(() => createRun(scope, run, owner, leaseMs));
  }

  latest(scope: Scope, identity: string): Promise<RunRecord | undefined> {
    return this.#database.read(() => latestRun(scope, identity));
  }

  takeOver(
    scope: Scope,
    runId: string,
    expectedToken: number,
    owner: RunOwner,
    leaseMs: number,
    revision?: RunRevision,
  ): Promise<TakenOver> {
    return this.#database.write(() => takeOverRun(scope, runId, expectedToken, owner, leaseMs, revision));
  }

  renew(lease: RunLease, leaseMs: number): Promise<void> {
    return this.#database.write(() => renewLease(lease, leaseMs));
  }

  async apply(scope: Scope, lease: RunLease, changes: readonly RunChange[]): Promise<void> {
    if (changes.length > 0) await this.#database.write(() => applyChanges(scope, lease, changes));
  }

  publish(scope: Scope, lease: RunLease, request: PublishRequest): Promise<PublishResult> {
    return this.#database.write(() => publishVersions(scope, lease, request));
  }

  end(
    scope: Scope,
    lease: RunLease,
    status: Extract<RunStatus, "success" | "failure" | "canceled">,
    error?: string,
  ): Promise<void> {
    return this.#database.write(() => endRun(scope, lease, status, error));
  }

  get(scope: Scope, runId: string): Promise<RunRecord | undefined> {
    return this.#database.read(() => readRun(scope, runId));
  }

  steps(runId: string): Promise<readonly StepRecord[]> {
    return this.#database.read(() => readSteps(runId));
  }

  snapshots(scope: Scope, runId: string): Promise<readonly number[]> {
    return this.#database.read(() => snapshotsOfRun(scope, runId));
  }

  checkpoints(runId: string, step: string): Promise<readonly Checkpoint[]> {
    return this.#database.read(() => readCheckpoints(runId, step));
  }

  values(runId: string, steps: readonly string[]): Promise<ReadonlyMap<string, StepValue>> {
    return this.#database.read(() => readStepValues(runId, steps));
  }

  failedSteps(scope: Scope, assetIds: readonly number[], runs: number): Promise<readonly FailedStepRecord[]> {
    return this.#database.read(() => readFailedSteps(scope, assetIds, runs));
  }

  unended(scope: Scope): Promise<readonly RunRecord[]> {
    return this.#database.read(() => unendedRuns(scope));
  }

  list(
    scope: Scope,
    options: { readonly limit: number; readonly before?: string; readonly job?: string },
  ): Promise<readonly RunRecord[]> {
    return this.#database.read(() => listRuns(scope, options));
  }
}
