import type { CurrentVersion, VersionRecord } from "../../core/catalog/version.ts";
import type { CheckEvaluation } from "../../core/check/evaluation.ts";
import type { PlacedAsset } from "../../core/catalog/catalog-view.ts";
import type {
  CurrentSummary,
  CatalogHead,
  CatalogStore,
  PlacedVersion,
  VersionOptions,
} from "../../ports/state/catalog-store.ts";
import type { Scope } from "../../ports/state/project-store.ts";
import { MillraceError } from "../../core/errors.ts";
import type { Database } from "../database/database.ts";
import { readEvaluations } from "../checks/evaluations.ts";
import { findVersions, readEarlier, readVersions } from "./version-history.ts";
import { readCurrent, readSummaries } from "./read-snapshot.ts";
import { first, forRows, type Script } from "../database/script.ts";
import { versionsWithIds } from "./version-rows.ts";

export class SqlCatalogStore implements CatalogStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  head(scope: Scope): Promise<CatalogHead> {
    return this.#database.read(() => readHead(scope));
  }

  current(scope: Scope, snapshot: number, assetIds?: readonly number[]): Promise<readonly CurrentVersion[]> {
    return this.#database.read(() => readCurrent(scope, snapshot, assetIds));
  }

  summaries(
    scope: Scope,
    snapshot: number,
    assetIds?: readonly number[],
  ): Promise<ReadonlyMap<number, CurrentSummary>> {
    return this.#database.read(() => readSummaries(scope, snapshot, assetIds));
  }

  assetKeys(scope: Scope, assetIds: readonly number[]): Promise<ReadonlyMap<number, string>> {
    return this.#database.read(() => readAssetKeys(scope, assetIds));
  }

  async version(versionId: string): Promise<VersionRecord | undefined> {
    return (await this.versionsWithIds([versionId])).get(versionId);
  }

  versionsWithIds(versionIds: readonly string[]): Promise<ReadonlyMap<string, VersionRecord>> {
    return this.#database.read(() => versionsWithIds(versionIds));
  }

  versions(
    scope: Scope,
    assetId: number,
    limit: number,
    options: VersionOptions = {},
  ): Promise<readonly VersionRecord[]> {
    return this.#database.read(() => readVersions(scope, assetId, limit, options));
  }

  earlier(scope: Scope, asset: PlacedAsset): Promise<readonly PlacedVersion[]> {
    return this.#database.read(() => readEarlier(scope, asset));
  }

  findVersions(assetId: number, prefix: string): Promise<readonly VersionRecord[]> {
    return this.#database.read(() => findVersions(assetId, prefix));
  }

  evaluations(scope: Scope, versionIds: readonly string[]): Promise<readonly CheckEvaluation[]> {
    return this.#database.read(() => readEvaluations(scope, versionIds));
  }
}

function* readHead(scope: Scope): Script<CatalogHead> {
  const head = yield* first<{
    epoch: string;
    snapshot: number;
    published_at: number;
    recheck: number;
    arrangement: number;
  }>(
    `select e.epoch, e.snapshot, e.published_at, e.recheck, p.arrangement
     from environment e join project p on p.id = e.project_id where e.id = ?`,
    scope.environmentId,
  );
  if (head === undefined) {
    throw new MillraceError("INTERNAL", { reason: `there is no environment ${scope.environmentId}` });
  }
  return {
    epoch: head.epoch,
    number: head.snapshot,
    publishedAt: head.published_at,
    recheck: head.recheck,
    arrangement: head.arrangement,
  };
}

function* readAssetKeys(scope: Scope, assetIds: readonly number[]): Script<ReadonlyMap<number, string>> {
  const rows = yield* forRows<{ id: number; key: string }>(
    "with r as {rows id integer} select a.id, a.key from r {join} asset a on a.id = r.id and a.project_id = ?",
    [...new Set(assetIds)].map((id) => [id]),
    scope.projectId,
  );
  return new Map(rows.map(({ id, key }) => [id, key]));
}
