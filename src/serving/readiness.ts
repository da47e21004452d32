import { MillraceError, reasonOf } from "../core/errors.ts";
import type { Statement } from "../ports/table-engine.ts";
import { ContractKeeper } from "./contract-keeper.ts";
import { endpointContracts, unreadableNow } from "./endpoint-contracts.ts";
import { prepareEndpoint } from "./prepare-endpoint.ts";
import type { ServingContext } from "./serving-context.ts";
import type { ServedEndpoint } from "./served-endpoint.ts";

/** An endpoint that could not be prepared, and why. */
export interface Unprepared {
  readonly endpoint: string;
  readonly reason: string;
  /** Stable; absent where there was nothing to prepare. */
  readonly code?: string;
}

export interface ReadinessReport {
  readonly ready: boolean;
  readonly snapshot?: string;
  readonly prepared: number;
  /**
   * Endpoints that cannot answer: their SQL does not fit the data, or a resource of theirs cannot be used. They keep the
   * server from becoming ready.
   */
  readonly broken: readonly Unprepared[];
  /** Endpoints of which it is not known before they are called, and those whose assets are not there yet. */
  readonly unknown: readonly Unprepared[];
  readonly state?: string;
}

/**
 * Is the server fit to take requests? State must answer; and before the first yes each endpoint's SQL is prepared
 * against the current snapshot, where a request can be made up for it, and what each reads is announced (N20), so that no
 * publish takes it away unless forced. After that yes a publish does not take the server
 * out again: one endpoint that broke must not silence all the others.
 */
export class Readiness {
  readonly #context: ServingContext;
  readonly #endpoints: readonly ServedEndpoint[];
  readonly #keeper: ContractKeeper;
  readonly #closed = new AbortController();
  #passed: Omit<ReadinessReport, "ready" | "snapshot"> | undefined;
  #preparing: Promise<Omit<ReadinessReport, "ready" | "snapshot">> | undefined;

  constructor(context: ServingContext, endpoints: readonly ServedEndpoint[]) {
    this.#context = context;
    this.#endpoints = endpoints;
    this.#keeper = new ContractKeeper(context.options);
  }

  async report(): Promise<ReadinessReport> {
    const { heads, options } = this.#context;
    let snapshot: string;
    try {
      const { head, unconfirmed } = await heads.read();
      if (unconfirmed) throw new MillraceError("STATE_UNAVAILABLE", { reason: "no answer" });
      snapshot = `${options.scope.environment}@${head.epoch}:${head.number}`;
    } catch (error) {
      options.log.warn({ err: error }, "state does not answer");
      return { ready: false, prepared: 0, broken: [], unknown: [], state: "unavailable" };
    }
    const found = this.#passed ?? (await this.#prepareOnce());
    if (found === undefined)
      return { ready: false, snapshot, prepared: 0, broken: [], unknown: [], state: "unavailable" };
    if (found.broken.length > 0) return { ready: false, snapshot, ...found };
    this.#passed = found;
    return { ready: true, snapshot, ...found };
  }

  /** Undefined when state went away meanwhile. */
  async #prepareOnce(): Promise<Omit<ReadinessReport, "ready" | "snapshot"> | undefined> {
    try {
      return await (this.#preparing ??= this.#prepareAll());
    } catch (error) {
      this.#context.options.log.warn({ err: error }, "state does not answer");
      return undefined;
    } finally {
      this.#preparing = undefined;
    }
  }

  /** Nothing more is prepared. */
  stop(): void {
    this.#closed.abort();
  }

  /** Says that it serves no longer. */
  close(): Promise<void> {
    return this.#keeper.withdraw();
  }

  async #prepareAll(): Promise<Omit<ReadinessReport, "ready" | "snapshot">> {
    const prepared = new Map<ServedEndpoint, readonly Statement[]>();
    const broken: Unprepared[] = [];
    const unknown: Unprepared[] = [];
    for (const served of this.#endpoints) {
      const endpoint = served.definition.route;
      try {
        if (served.definition.resources.size > 0)
          await this.#context.resources.instancesFor(served.definition, this.#closed.signal);
        const preparation = await prepareEndpoint(this.#context, served);
        if ("statements" in preparation) prepared.set(served, preparation.statements);
        else unknown.push({ endpoint, reason: preparation.reason });
      } catch (error) {
        const code = error instanceof MillraceError ? error.code : "INTERNAL";
        if (code === "ASSET_NOT_MATERIALIZED") unknown.push({ endpoint, reason: reasonOf(error), code });
        else broken.push(this.#broken(endpoint, error));
      }
    }
    if (broken.length === 0) broken.push(...(await this.#announce(prepared)));
    return { prepared: prepared.size, broken, unknown };
  }

  /**
   * First it is said what is read, then looked once more: whatever is published after the one is refused if it cannot
   * be read, and whatever was published before is found by the other.
   */
  async #announce(
    prepared: ReadonlyMap<ServedEndpoint, readonly Statement[]>,
  ): Promise<readonly Unprepared[]> {
    const contracts = await endpointContracts(this.#endpoints, prepared, this.#context.options.engine);
    const before = await unreadableNow(contracts, this.#context);
    if (before.size === 0) await this.#keeper.announce(contracts);
    const found = before.size === 0 ? await unreadableNow(contracts, this.#context) : before;
    if (found.size > 0) await this.#keeper.withdraw();
    return [...found].map(([endpoint, error]) => this.#broken(endpoint, error));
  }

  #broken(endpoint: string, error: unknown): Unprepared {
    const { log, redactor, exposeFailures = false } = this.#context.options;
    if (!this.#closed.signal.aborted) log.error({ err: error, endpoint }, "the endpoint cannot be prepared");
    const code = error instanceof MillraceError ? error.code : "INTERNAL";
    const reason = shown(error, exposeFailures);
    return { endpoint, reason: redactor?.text(reason) ?? reason, code };
  }
}

function shown(error: unknown, expose: boolean): string {
  if (expose) return reasonOf(error);
  const resource = error instanceof MillraceError ? error.place.resource : undefined;
  const what =
    resource === undefined ? "its SQL does not fit the data" : `its resource ${resource} cannot be used`;
  return `${what}; the server's log has the details`;
}
