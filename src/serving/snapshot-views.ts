import type { AssetDefinition } from "../core/asset/asset-definition.ts";
import type { CurrentVersion } from "../core/catalog/version.ts";
import { MillraceError } from "../core/errors.ts";
import type { CatalogHead } from "../ports/state/catalog-store.ts";
import { assetState, isSameState, type AssetState } from "./asset-state.ts";
import { EndpointView } from "./endpoint-view.ts";
import type { ServedEndpoint } from "./served-endpoint.ts";
import type { ServingOptions } from "./serving-options.ts";

interface Snapshot {
  readonly head: CatalogHead;
  readonly token: string;
  readonly states: Map<string, AssetState>;
  readonly views: Map<ServedEndpoint, EndpointView | Promise<EndpointView>>;
}

/** Snapshots that are kept worked out: the newest, and a few before it whose requests still run. */
const keptSnapshots = 4;

/** Endpoints at snapshots, worked out once each. */
export class SnapshotViews {
  readonly #options: ServingOptions;
  readonly #snapshots = new Map<string, Snapshot>();

  constructor(options: ServingOptions) {
    this.#options = options;
  }

  /** Not a promise when it is known already. @throws ASSET_NOT_MATERIALIZED */
  view(head: CatalogHead, served: ServedEndpoint): EndpointView | Promise<EndpointView> {
    const snapshot = this.#snapshot(head);
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
    const token = `${this.#options.scope.environment}@${head.epoch}:${head.number}`;
    const known = this.#snapshots.get(token);
    if (known !== undefined) return known;
    const made: Snapshot = { head, token, states: new Map(), views: new Map() };
    this.#snapshots.set(token, made);
    for (const oldest of this.#snapshots.keys()) {
      if (this.#snapshots.size <= keptSnapshots) break;
      this.#snapshots.delete(oldest);
    }
    return made;
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

    const changed = known.flatMap((entry) => {
      const pointers = byAsset.get(entry.known.assetId) ?? [];
      const before = this.#earlier(entry.asset.key, snapshot);
      if (before === undefined || !isSameState(before, pointers)) return [{ ...entry, pointers }];
      // The very same object, so that whoever keeps something prepared for it finds it again.
      snapshot.states.set(entry.asset.key, before);
      return [];
    });
    const versionIds = changed.flatMap(({ pointers }) => pointers.map(({ version }) => version.id));
    const evaluations =
      versionIds.length === 0 ? [] : await state.catalog.evaluations([...new Set(versionIds)]);
    for (const { asset, known: identity, pointers } of changed) {
      const own = new Set(pointers.map(({ version }) => version.id));
      const checks = evaluations.filter(({ versionId }) => own.has(versionId));
      snapshot.states.set(asset.key, assetState(asset, identity, pointers, checks));
    }
  }

  #earlier(key: string, than: Snapshot): AssetState | undefined {
    for (const snapshot of [...this.#snapshots.values()].toReversed()) {
      if (snapshot === than || snapshot.head.epoch !== than.head.epoch) continue;
      const state = snapshot.states.get(key);
      if (state !== undefined) return state;
    }
    return undefined;
  }
}
