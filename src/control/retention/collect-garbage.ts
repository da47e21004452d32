import type { Retention } from "../../core/catalog/retention.ts";
import type { Collected, DoomedFile } from "../../ports/state/retention-store.ts";
import type { VersionStore } from "../../ports/table-engine.ts";
import { collectCode, type CollectedCode } from "./collect-code.ts";
import type { ControlContext } from "../control-context.ts";
import { endDeadRuns } from "../runs/end-dead-runs.ts";

export interface CollectOptions {
  /** Say what would go, and change nothing. */
  readonly dryRun?: boolean;
  /** Told after each piece of work. */
  readonly report?: (progress: Collection) => void;
}

/** What `millrace gc` did, or (a dry run) would do. */
export interface Collection {
  readonly dryRun: boolean;
  /** Given up by this collection: removed by one that comes a grace later. */
  readonly condemned: Collected;
  /** Removed by this collection. */
  readonly removed: { readonly files: number; readonly bytes: number };
  /** Of the removed ones those that no version knows: left behind by processes that were killed. */
  readonly strays: { readonly files: number; readonly bytes: number };
  /** Earlier code that nobody needs any longer (N9). */
  readonly code: CollectedCode;
  readonly retentionMs: number;
  readonly graceMs: number;
}

/** Files that are removed between two transactions. */
const batch = 500;

/**
 * Gives up what the retention no longer keeps, and removes what was given up at least a grace ago (N2, N18). Can be
 * stopped anywhere and begun again, also while others do the same.
 */
export async function collectGarbage(
  context: ControlContext,
  { dryRun = false, report = () => undefined }: CollectOptions = {},
): Promise<Collection> {
  const { state, scope, project } = context;
  const retention = retentionOf(context);
  const collection = new RunningCollection(dryRun, project.retentionMs, retention.graceMs, report);
  if (dryRun) {
    collection.condemn(await state.retention.preview(scope, retention));
    const store = await context.openStore();
    const doomed = await state.retention.doomed(scope, retention.graceMs, Number.MAX_SAFE_INTEGER);
    const own = doomed.filter((file) => file.store === store.name).map(({ file }) => file);
    collection.remove(own.length, await store.bytesOf(own));
    for await (const found of strays(store, retention, context))
      collection.sweep(found.length, bytesOf(found));
    collection.code(await collectCode(context, { dryRun }));
    return collection.total;
  }
  await endDeadRuns(context);
  const { crashPoints } = context;
  for await (const condemned of state.retention.condemn(scope, retention)) {
    crashPoints.reach("after-condemn");
    collection.condemn(condemned);
  }
  for await (const rows of state.retention.prune(scope, retention)) {
    if (rows > 0) crashPoints.reach("after-prune");
  }
  await remove(retention, context, collection);
  collection.code(await collectCode(context, { dryRun }));
  return collection.total;
}

async function remove(
  { graceMs, ...rest }: Retention,
  context: ControlContext,
  collection: RunningCollection,
): Promise<void> {
  const { state, scope, crashPoints } = context;
  const store = await context.openStore();
  for (;;) {
    const doomed = await state.retention.doomed(scope, graceMs, batch);
    const own = doomed.filter((file) => file.store === store.name);
    if (own.length === 0) break;
    crashPoints.reach("before-remove");
    const bytes = await store.removeFiles(own.map(({ file }) => file));
    crashPoints.reach("after-remove");
    await state.retention.forget(scope, own);
    crashPoints.reach("after-forget");
    collection.remove(own.length, bytes);
  }
  for await (const found of strays(store, { graceMs, ...rest }, context)) {
    const bytes = await store.removeFiles(found.map(({ file }) => file));
    crashPoints.reach("after-sweep");
    collection.sweep(found.length, bytes);
  }
}

/**
 * Files older than the grace under ids that no living version has. Nothing from before the project was made: then the
 * folder has served another state, which may still know what lies there.
 */
async function* strays(
  store: VersionStore,
  { graceMs }: Retention,
  { state, scope }: ControlContext,
): AsyncGenerator<readonly { readonly file: string; readonly bytes: number }[]> {
  const { now, projectCreatedAt } = await state.retention.times(scope);
  const latest = Math.min(now, Date.now()) - graceMs;
  let found: { file: string; bytes: number }[] = [];
  const unknown = async (): Promise<typeof found> => {
    const named: DoomedFile[] = found.map(({ file }) => ({ store: store.name, file }));
    const known = await state.retention.known(named);
    return found.filter(({ file }) => !known.has(file));
  };
  for await (const { file, bytes, modifiedAt } of store.strays((ids) =>
    state.retention.living(ids, graceMs),
  )) {
    if (modifiedAt > latest || modifiedAt < projectCreatedAt) continue;
    found.push({ file, bytes });
    if (found.length < batch) continue;
    yield await unknown();
    found = [];
  }
  const rest = found.length === 0 ? [] : await unknown();
  if (rest.length > 0) yield rest;
}

function bytesOf(files: readonly { readonly bytes: number }[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

function retentionOf({ project, known }: ControlContext): Retention {
  const own = project.assets.flatMap(({ key, retentionMs }): [number, number][] => {
    const assetId = known.get(key)?.assetId;
    return retentionMs === undefined || assetId === undefined ? [] : [[assetId, retentionMs]];
  });
  return { keepMs: project.retentionMs, keepMsOf: new Map(own), graceMs: project.graceMs };
}

/** Adds up. */
class RunningCollection {
  #total: Collection;
  readonly #report: (progress: Collection) => void;

  constructor(dryRun: boolean, retentionMs: number, graceMs: number, report: (progress: Collection) => void) {
    const none = { files: 0, bytes: 0 };
    const condemned = { snapshots: 0, versions: 0, ...none };
    this.#total = {
      dryRun,
      condemned,
      removed: none,
      strays: none,
      code: { pins: 0, texts: 0 },
      retentionMs,
      graceMs,
    };
    this.#report = report;
  }

  get total(): Collection {
    return this.#total;
  }

  condemn(more: Collected): void {
    const { snapshots, versions, files, bytes } = this.#total.condemned;
    this.#add({
      condemned: {
        snapshots: snapshots + more.snapshots,
        versions: versions + more.versions,
        files: files + more.files,
        bytes: bytes + more.bytes,
      },
    });
  }

  remove(files: number, bytes: number): void {
    const { removed } = this.#total;
    this.#add({ removed: { files: removed.files + files, bytes: removed.bytes + bytes } });
  }

  sweep(files: number, bytes: number): void {
    const { strays } = this.#total;
    this.#add({ strays: { files: strays.files + files, bytes: strays.bytes + bytes } });
    this.remove(files, bytes);
  }

  code(code: CollectedCode): void {
    this.#add({ code });
  }

  #add(part: Partial<Collection>): void {
    this.#total = { ...this.#total, ...part };
    this.#report(this.#total);
  }
}
