import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { EndpointContract } from "../core/endpoint/endpoint-contract.ts";
import type { ServingOptions } from "./serving-options.ts";

/** A server that died keeps publishes away for so long at most; one that lives is heard of three times as often. */
const defaultTtlMs = 30_000;

/** Keeps what this server reads known to whoever publishes (N20), from when it is ready until it ends. */
export class ContractKeeper {
  readonly #options: ServingOptions;
  readonly #server = { id: randomUUID(), host: hostname(), pid: process.pid };
  readonly #ttlMs: number;
  #timer: NodeJS.Timeout | undefined;
  #renewing: Promise<void> = Promise.resolve();

  constructor(options: ServingOptions) {
    this.#options = options;
    this.#ttlMs = options.contractTtlMs ?? defaultTtlMs;
  }

  async announce(contracts: readonly EndpointContract[]): Promise<void> {
    await this.#announce(contracts);
    clearInterval(this.#timer);
    this.#timer = setInterval(() => {
      this.#renewing = this.#renewing.then(() => this.#renew(contracts));
    }, this.#ttlMs / 3).unref();
  }

  async withdraw(): Promise<void> {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#renewing;
    try {
      await this.#options.state.contracts.withdraw(this.#server.id);
    } catch (error) {
      this.#options.log.warn({ err: error }, "what was served could not be withdrawn; it lapses by itself");
    }
  }

  #announce(contracts: readonly EndpointContract[]): Promise<void> {
    const { state, scope, assets } = this.#options;
    const recorded = contracts.map((contract) => ({
      ...contract,
      asset: assets.get(contract.asset)?.recordedAs ?? contract.asset,
    }));
    return state.contracts.announce(scope, this.#server, recorded, this.#ttlMs);
  }

  async #renew(contracts: readonly EndpointContract[]): Promise<void> {
    if (this.#timer === undefined) return;
    try {
      const known = await this.#options.state.contracts.renew(this.#server.id, this.#ttlMs);
      // It slept, or state did not answer, for longer than that.
      if (!known) await this.#announce(contracts);
    } catch (error) {
      this.#options.log.warn({ err: error }, "what is served could not be renewed");
    }
  }
}
