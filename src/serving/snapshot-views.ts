import { hash } from "node:crypto";
import type { AssetDefinition } from "../core/asset/asset-definition.ts";
import type { CurrentVersion } from "../core/catalog/version.ts";
import { wireFormatVersion } from "../core/column/wire-format.ts";
import { MillraceError } from "../core/errors.ts";
import type { ReadableAsset, Reading } from "../ports/asset-reader.ts";
import type { CatalogHead } from "../ports/state/catalog-store.ts";
import type { QueryLimits } from "../ports/table-engine.ts";
import { assetState, isSameState, type AssetState } from "./asset-state.ts";
import { freshnessHeaders, type FreshnessHeaders } from "./freshness-headers.ts";
import type { ServedEndpoint } from "./served-endpoint.ts";
import type { ServingOptions } from "./serving-options.ts";

/** One endpoint at one snapshot: all handles of a request, its freshness and its ETag come from here. */
export class EndpointView {
  readonly headers: FreshnessHeaders;
  /** Stands for everything but the request in an ETag (N26). */
  readonly seed: string;
  readonly #readables: readonly ReadableAsset[];
  readonly #options: ServingOptions;
  readonly #timeLimitMs: number;
  #shared: Reading | undefined;

  constructor(
    served: ServedEndpoint,
    token: string,
    states: ReadonlyMap<string, AssetState>,
    options: ServingOptions,
  ) {
    const { definition } = served;
    const reads = [...definition.reads].map(([name, asset]) => ({ name, state: stateOf(states, asset.key) }));
    this.headers = freshnessHeaders(token, [...new Set(reads.map(({ state }) => state))]);
    this.seed = hash(
      "sha256",
      JSON.stringify([
        options.version,
        wireFormatVersion,
        options.codeVersionOf(definition),
        definition.route,
        options.tokens.length > 0 ? "token" : "public",
        reads.map(({ name, state }) => [name, state.asset.key, state.dataVersion]),
      ]),
      "base64url",
    );
    this.#readables = reads.map(({ name, state }) => ({
      name,
      asset: state.asset,
      parts: state.parts,
      many: state.asset.partitions.kind !== "none",
    }));
    this.#options = options;
    this.#timeLimitMs = definition.timeLimitMs;
  }

  /** Handles for one request, which stop with it. */
  read(limits: QueryLimits): Reading {
    return this.#options.reader.read(this.#readables, { timeLimitMs: this.#timeLimitMs, ...limits });
  }

  /** Handles for handlers that only name tables with them. */
  get shared(): Reading {
    return (this.#shared ??= this.read({}));
  }
}

function stateOf(states: ReadonlyMap<string, AssetState>, key: string): AssetState {
  const state = states.get(key);
  if (state === undefined || state.parts.length === 0)
    throw new MillraceError("ASSET_NOT_MATERIALIZED", { key });
  return state;
}

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
