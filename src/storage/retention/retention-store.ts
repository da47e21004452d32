import type { Retention } from "../../core/catalog/retention.ts";
import type { Scope } from "../../ports/state/project-store.ts";
import type { Collected, DoomedFile, RetentionStore } from "../../ports/state/retention-store.ts";
import { previewCollection } from "./preview-collection.ts";
import {
  assetsWithPast,
  condemnAggregates,
  condemnPointers,
  type PointerPlace,
  unneededPointers,
} from "./condemn-pointers.ts";
import { condemnVersions, nothingCollected, unpointedVersions } from "./condemn-versions.ts";
import type { Database } from "../database/database.ts";
import { condemnDropped, droppedEnvironments } from "./dropped-environments.ts";
import { doomedFiles, forgetFiles, knownFiles, livingVersions } from "./doomed-files.ts";
import { expireSnapshots } from "./expire-snapshots.ts";
import { type KeptSnapshots, readKeptSnapshots } from "./kept-snapshots.ts";
import { nextSnapshot } from "../snapshots/next-snapshot.ts";
import { pruneSome } from "./prune.ts";
import { first, type Script } from "../database/script.ts";
import { unneededVersions } from "./unneeded-versions.ts";

/** Rows that one transaction changes: some ten milliseconds, for which others wait. */
const batch = 1000;

export class SqlRetentionStore implements RetentionStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  preview(scope: Scope, retention: Retention): Promise<Collected> {
    return this.#database.read(() => previewCollection(scope, retention));
  }

  async *condemn(scope: Scope, retention: Retention): AsyncGenerator<Collected> {
    for (;;) {
      const snapshots = await this.#locked(scope, retention, (kept) => expireSnapshots(scope, kept, batch));
      yield { ...nothingCollected, snapshots };
      if (snapshots < batch) break;
    }
    const now = (await this.times(scope)).now;
    const kept = await this.#database.read(() => readKeptSnapshots(scope, retention, now));
    for (const asset of await this.#database.read(() => assetsWithPast(scope, kept))) {
      yield* this.#condemnPast(scope, retention, asset.assetId);
    }
    for (let after: number | undefined = 0; after !== undefined;) {
      const place: number = after;
      const { collected, next } = await this.#database.write(function* () {
        const { now } = yield* nextSnapshot(scope);
        const found = yield* unneededVersions(scope, retention, place, batch, now);
        return { collected: yield* condemnVersions(scope, found.unneeded, now), next: found.next };
      });
      yield collected;
      after = next;
    }
    yield* this.#condemnDropped(scope);
  }

  async *#condemnDropped(scope: Scope): AsyncGenerator<Collected> {
    for (const dropped of await this.#database.read(() => droppedEnvironments(scope, "needed"))) {
      for (;;) {
        const collected = await this.#database.write(() => condemnDropped(dropped, batch));
        if (collected === undefined) break;
        yield collected;
      }
    }
  }

  async *#condemnPast(scope: Scope, retention: Retention, assetId: number): AsyncGenerator<Collected> {
    for (let after: PointerPlace | undefined = { validTo: 0, id: 0 }; after !== undefined;) {
      const place: PointerPlace = after;
      const { collected, next } = await this.#locked(scope, retention, function* (kept, now) {
        const asset = { assetId, horizon: kept.horizons.get(assetId) ?? kept.horizon };
        const pointers = yield* unneededPointers(scope, asset, kept.pinned, place, batch);
        yield* condemnPointers(pointers, now);
        if (pointers.length < batch) yield* condemnAggregates(scope, asset, kept.pinned, now);
        const lost = pointers.flatMap(({ version_id }) => (version_id === null ? [] : [version_id]));
        const collected = yield* condemnVersions(scope, yield* unpointedVersions(lost), now);
        const last = pointers.length < batch ? undefined : pointers.at(-1);
        return { collected, next: last && { validTo: last.valid_to, id: last.id } };
      });
      yield collected;
      after = next;
    }
  }

  /** What is kept is decided and acted on in one transaction, in which nobody publishes, pins or begins a run. */
  #locked<T>(
    scope: Scope,
    retention: Retention,
    script: (kept: KeptSnapshots, now: number) => Script<T>,
  ): Promise<T> {
    return this.#database.write(function* () {
      const { now } = yield* nextSnapshot(scope);
      return yield* script(yield* readKeptSnapshots(scope, retention, now), now);
    });
  }

  async *prune(scope: Scope, retention: Retention): AsyncGenerator<number> {
    for (const each of [scope, ...(await this.#database.read(() => droppedEnvironments(scope, "there")))]) {
      for (;;) {
        const pruned = await this.#database.write(() => pruneSome(each, retention, batch));
        if (pruned === 0) break;
        yield pruned;
      }
    }
  }

  doomed(scope: Scope, graceMs: number, limit: number): Promise<readonly DoomedFile[]> {
    return this.#database.read(() => doomedFiles(scope, graceMs, limit));
  }

  forget(scope: Scope, files: readonly DoomedFile[]): Promise<void> {
    return this.#database.write(() => forgetFiles(scope, files));
  }

  living(ids: readonly string[], graceMs: number): Promise<ReadonlySet<string>> {
    return this.#database.read(() => livingVersions(ids, graceMs));
  }

  known(files: readonly DoomedFile[]): Promise<ReadonlySet<string>> {
    return this.#database.read(() => knownFiles(files));
  }

  times(scope: Scope): Promise<{ now: number; projectCreatedAt: number }> {
    return this.#database.read(() => readTimes(scope));
  }
}

function* readTimes(scope: Scope): Script<{ now: number; projectCreatedAt: number }> {
  const row = yield* first<{ now: number; created_at: number }>(
    "select {now} as now, created_at from project where id = ?",
    scope.projectId,
  );
  return { now: row?.now ?? 0, projectCreatedAt: row?.created_at ?? 0 };
}
