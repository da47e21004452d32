import type { AssetDefinition } from "../core/asset/asset-definition.ts";
import { snapshotToken } from "../core/catalog/snapshot-ref.ts";
import type { CurrentVersion } from "../core/catalog/version.ts";
import { MillraceError } from "../core/errors.ts";
import type { CatalogHead } from "../ports/state/catalog-store.ts";
import { assetState, checksFound, isSameState, type AssetState } from "./asset-state.ts";
import { EndpointView } from "./endpoint-view.ts";
import type { ServedEndpoint } from "./served-endpoint.ts";
import type { ServingOptions } from "./serving-options.ts";

/** A snapshot, and what its checks had found when they were last asked. */
interface Snapshot {
  readonly head: CatalogHead;
  readonly token: string;
  readonly states: Map<string, AssetState>;
  readonly views: Map<ServedEndpoint, EndpointView | Promise<EndpointView>>;
}

/** Snapshots that are kept worked out: the newest, and a few before it whose requests still run. */
const keptSnapshots = 4;
/** Those that requests have asked for by name. Whoever pages through time keeps the newest from nobody. */
const keptAskedSnapshots = 8;

/** Endpoints at snapshots, worked out once each. */
export class SnapshotViews {
  readonly #options: ServingOptions;
  readonly #snapshots = new Map<string, Snapshot>();
  /** The one asked for last stands last. */
  readonly #asked = new Map<string, Snapshot>();

  constructor(options: ServingOptions) {
    this.#options = options;
  }

  /** At the newest snapshot. Not a promise when it is known already. @throws ASSET_NOT_MATERIALIZED */
  view(head: CatalogHead, served: ServedEndpoint): EndpointView | Promise<EndpointView> {
    return this.#view(this.#snapshot(head), served);
  }

  /** The same at a snapshot that a request asked for. @throws ASSET_NOT_MATERIALIZED */
  viewAsked(head: CatalogHead, served: ServedEndpoint): EndpointView | Promise<EndpointView> {
    const key = this.#key(head);
    const newest = this.#snapshots.get(key);
    if (newest !== undefined) return this.#view(newest, served);
    const snapshot = this.#asked.get(key) ?? newSnapshot(head, this.#token(head));
    this.#asked.delete(key);
    this.#asked.set(key, snapshot);
    forgetOldest(this.#asked, keptAskedSnapshots);
    return this.#view(snapshot, served);
  }

  #view(snapshot: Snapshot, served: ServedEndpoint): EndpointView | Promise<EndpointView> {
    const known = snapshot.views.get(served);
    if (known !== undefined) return known;
    const making = this.#make(snapshot, served).then(
      (view) => {
        snapshot.views.set(served, view);
        return view;
      },
      (error: unknown) => {
        snapshot.views.delete(served);
        throw error;
      },
    );
    snapshot.views.set(served, making);
    return making;
  }

  #snapshot(head: CatalogHead): Snapshot {
    const key = this.#key(head);
    const known = this.#snapshots.get(key);
    if (known !== undefined) return known;
    const made = this.#asked.get(key) ?? newSnapshot(head, this.#token(head));
    this.#asked.delete(key);
    this.#snapshots.set(key, made);
    forgetOldest(this.#snapshots, keptSnapshots);
    return made;
  }

  /**
   * While the snapshot stays the newest, checks may be asked again, and what is said of them is then another; and its
   * versions may come to lie elsewhere (N1).
   */
  #key(head: CatalogHead): string {
    return `${this.#token(head)} ${head.recheck} ${head.arrangement}`;
  }

  #token(head: CatalogHead): string {
    return snapshotToken({ environment: this.#options.scope.environment, ...head });
  }

  async #make(snapshot: Snapshot, served: ServedEndpoint): Promise<EndpointView> {
    const reads = new Set(served.definition.reads.values());
    const missing = [...reads].filter((asset) => !snapshot.states.has(asset.key));
    if (missing.length > 0) await this.#load(snapshot, missing);
    return new EndpointView(served, snapshot.token, snapshot.states, this.#options);
  }

  async #load(snapshot: Snapshot, reads: readonly AssetDefinition[]): Promise<void> {
    const { state, scope, assets } = this.#options;
    const known = reads.map((asset) => {
      const identity = assets.get(asset.key);
      if (identity === undefined) {
        throw new MillraceError("INTERNAL", { reason: `the asset ${asset.key} is not registered` });
      }
      return { asset, known: identity };
    });
    const ids = known.map(({ known: { assetId } }) => assetId);
    const byAsset = new Map<number, CurrentVersion[]>(ids.map((id) => [id, []]));
    const current = await state.catalog.current(scope, snapshot.head.number, ids);
    for (const pointer of current) byAsset.get(pointer.version.assetId)?.push(pointer);

    const { recheck } = snapshot.head;
    const changed = known.flatMap((entry) => {
      const pointers = byAsset.get(entry.known.assetId) ?? [];
      const before = this.#earlier(entry.asset.key, snapshot);
      const same = before !== undefined && isSameState(before, pointers) ? before : undefined;
      if (same?.recheck !== recheck) return [{ ...entry, pointers, same }];
      // The very same object, so that whoever keeps something prepared for it finds it again.
      snapshot.states.set(entry.asset.key, same);
      return [];
    });
    const versionIds = changed.flatMap(({ pointers }) => pointers.map(({ version }) => version.id));
    const evaluations =
      versionIds.length === 0 ? [] : await state.catalog.evaluations(scope, [...new Set(versionIds)]);
    for (const { asset, known: identity, pointers, same } of changed) {
      const own = new Set(pointers.map(({ version }) => version.id));
      const checks = evaluations.filter(({ versionId }) => own.has(versionId));
      const found = { ...checksFound(checks), recheck };
      snapshot.states.set(
        asset.key,
        same === undefined ? assetState(asset, identity, pointers, found) : { ...same, ...found },
      );
    }
  }

  #earlier(key: string, than: Snapshot): AssetState | undefined {
    for (const snapshot of [...this.#asked.values(), ...this.#snapshots.values()].toReversed()) {
      if (snapshot === than || snapshot.head.epoch !== than.head.epoch) continue;
      const state = snapshot.states.get(key);
      if (state !== undefined) return state;
    }
    return undefined;
  }
}

function newSnapshot(head: CatalogHead, token: string): Snapshot {
  return { head, token, states: new Map(), views: new Map() };
}

function forgetOldest(snapshots: Map<string, Snapshot>, most: number): void {
  for (const oldest of snapshots.keys()) {
    if (snapshots.size <= most) break;
    snapshots.delete(oldest);
  }
}
