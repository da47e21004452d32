import type { ErrorReport } from "../../core/error-report.ts";
import { reportError } from "../../core/error-report.ts";
import { MillraceError } from "../../core/errors.ts";
import type { ApiReady } from "./api-message.ts";
import { ApiNotReady, type ApiProcess } from "./api-process.ts";
import { Backend } from "./backend.ts";

export interface SupervisorEvents {
  ready(ready: ApiReady, milliseconds: number, reload: boolean): void;
  failed(report: ErrorReport, serving: boolean): void;
  crashed(reason: string, restartInMs: number): void;
}

/** Waits before a crashed process is started again; each crash doubles it, a while without one starts over. */
const [firstDelayMs, longestDelayMs, calmMs] = [100, 10_000, 30_000];
/** A request waits for a process that will be started this soon. */
const worthWaitingMs = 1_000;

/**
 * Keeps one good API process answering. A new one takes over only once it is ready: a broken edit leaves the last good
 * one in place. One that crashes is started again.
 */
export class Supervisor {
  readonly #launch: (code: string | undefined) => ApiProcess;
  readonly #events: SupervisorEvents;
  #current: Backend | undefined;
  #starting: ApiProcess | undefined;
  /** Why the newest load failed; undefined when it did not. */
  #failure: ErrorReport | undefined;
  #loads = 0;
  /** The code pin of the newest load that came to serve. */
  #code: string | undefined;
  #delayMs = firstDelayMs;
  #restart: NodeJS.Timeout | undefined;
  #closed = false;
  readonly #alive = new Set<ApiProcess>();
  #waiting: PromiseWithResolvers<void> = Promise.withResolvers();

  /** @param launch Starts a process that serves a code pin, or today's files */
  constructor(launch: (code: string | undefined) => ApiProcess, events: SupervisorEvents) {
    this.#launch = launch;
    this.#events = events;
  }

  /** Loads the project's files anew. A load that is under way is given up: its files are out of date. */
  reload(): void {
    this.#load(undefined);
  }

  #load(code: string | undefined): void {
    if (this.#closed) return;
    clearTimeout(this.#restart);
    this.#restart = undefined;
    this.#starting?.kill();
    const began = performance.now();
    const started = this.#launch(code);
    this.#starting = started;
    this.#alive.add(started);
    void started.ended.then(() => this.#alive.delete(started));
    started.ready.then(
      (ready) => this.#starting === started && this.#takeOver(started, ready, performance.now() - began),
      (error: unknown) => this.#starting === started && this.#giveUp(error, code),
    );
  }

  /**
   * Who answers now. Waits while the first load is under way.
   *
   * @throws DEV_NOT_READY when nothing good has been loaded
   */
  async backend(): Promise<Backend> {
    while (this.#current === undefined) {
      const soon = this.#restart !== undefined && this.#delayMs <= worthWaitingMs;
      if (this.#closed || (this.#starting === undefined && !soon)) {
        throw new MillraceError("DEV_NOT_READY", { reason: describe(this.#failure) });
      }
      await this.#waiting.promise;
    }
    return this.#current;
  }

  /** Lets requests finish for so long at most, then ends every process. */
  async close(graceMs: number): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#restart);
    this.#starting?.kill();
    this.#current?.retire(graceMs);
    const timer = setTimeout(() => this.#alive.forEach((process) => process.kill()), graceMs);
    await Promise.all([...this.#alive].map((process) => process.ended));
    clearTimeout(timer);
    this.#wake();
  }

  #takeOver(process: ApiProcess, ready: ApiReady, milliseconds: number): void {
    const before = this.#current;
    const backend = new Backend(process);
    this.#starting = undefined;
    this.#current = backend;
    this.#failure = undefined;
    this.#loads += 1;
    this.#code = ready.code;
    this.#events.ready(ready, milliseconds, this.#loads > 1);
    this.#wake();
    before?.retire();
    const calm = setTimeout(() => (this.#delayMs = firstDelayMs), calmMs);
    calm.unref();
    void process.ended.then((how) => this.#ended(backend, how)).finally(() => clearTimeout(calm));
  }

  #giveUp(error: unknown, code: string | undefined): void {
    this.#starting = undefined;
    this.#failure = error instanceof ApiNotReady ? error.report : reportError(error);
    this.#events.failed(this.#failure, this.#current !== undefined);
    // A state database that does not answer, say: no edit will mend that.
    // Nor will one bring code back that was served and is gone.
    if ((this.#failure.retryable || code !== undefined) && this.#current === undefined) {
      this.#reloadLater(undefined);
    }
    this.#wake();
  }

  #ended(backend: Backend, how: string): void {
    // It was asked to, or a newer load has taken over.
    if (backend.retired || this.#closed || this.#current !== backend) return;
    this.#current = undefined;
    if (this.#starting !== undefined) return;
    this.#failure = reportError(new MillraceError("INTERNAL", { reason: `the API process ${how}` }));
    this.#events.crashed(how, this.#delayMs);
    // What crashed is what was good enough to serve: files that are being edited meanwhile come by a reload.
    this.#reloadLater(this.#code);
  }

  #reloadLater(code: string | undefined): void {
    this.#restart = setTimeout(() => this.#load(code), this.#delayMs);
    this.#delayMs = Math.min(this.#delayMs * 2, longestDelayMs);
  }

  /** Something changed for those who wait in `backend`. */
  #wake(): void {
    this.#waiting.resolve();
    this.#waiting = Promise.withResolvers();
  }
}

function describe(report: ErrorReport | undefined): string {
  if (report === undefined) return "the server is ending";
  const [first, ...others] = report.problems;
  const { message, place } = first ?? report;
  const at = place.file === undefined ? "" : ` (${place.file}:${place.line ?? 0})`;
  return `${message}${at}${others.length === 0 ? "" : `, and ${others.length} more`}`;
}
