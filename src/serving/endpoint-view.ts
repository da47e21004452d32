import { hash } from "node:crypto";
import { wireFormatVersion } from "../core/column/wire-format.ts";
import { MillraceError } from "../core/errors.ts";
import type { ReadableAsset, Reading } from "../ports/asset-reader.ts";
import type { PackedLayout } from "../ports/table-parts.ts";
import type { QueryLimits } from "../ports/table-engine.ts";
import type { AssetState } from "./asset-state.ts";
import { freshnessHeaders, type FreshnessHeaders } from "./freshness-headers.ts";
import type { ServedEndpoint } from "./served-endpoint.ts";
import type { ServingOptions } from "./serving-options.ts";

/** One endpoint at one snapshot: all handles of a request, its freshness and its ETag come from here. */
export class EndpointView {
  readonly headers: FreshnessHeaders;
  /** Stands for everything but the request in an ETag (N26). */
  readonly seed: string;
  /** How what it reads lies, where some of it was packed: of that the engine's order of rows may depend. */
  readonly layout: PackedLayout | undefined;
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
    this.layout = joinedLayout(reads.map(({ state }) => state.layout));
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

function joinedLayout(layouts: readonly (PackedLayout | undefined)[]): PackedLayout | undefined {
  if (layouts.every((layout) => layout === undefined)) return undefined;
  return {
    text: hash("sha256", JSON.stringify(layouts.map((layout) => layout?.text ?? null)), "base64url"),
    isCut: layouts.some((layout) => layout?.isCut === true),
  };
}
