import { Agent, type IncomingMessage, type ServerResponse } from "node:http";
import type { ApiProcess } from "./api-process.ts";
import { forwardRequest } from "./forward-request.ts";

/** The longest that requests of an earlier load are waited for. */
const retireMs = 60_000;

/** An API process that is ready, and the requests it has been given. */
export class Backend {
  readonly process: ApiProcess;
  readonly #agent = new Agent({ keepAlive: true });
  #open = 0;
  #retired = false;

  constructor(process: ApiProcess) {
    this.process = process;
    void process.ended.then(() => this.#agent.destroy());
  }

  /** True once it gets no new requests: its end is then no crash. */
  get retired(): boolean {
    return this.#retired;
  }

  async forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#open += 1;
    try {
      await forwardRequest(request, response, { socketPath: this.process.socketPath, agent: this.#agent });
    } finally {
      this.#open -= 1;
      if (this.#retired && this.#open === 0) this.#stop(retireMs);
    }
  }

  /** Ends the process once it has answered what it was given. */
  retire(graceMs = retireMs): void {
    this.#retired = true;
    if (this.#open === 0) {
      this.#stop(graceMs);
      return;
    }
    const timer = setTimeout(() => this.process.kill(), graceMs);
    void this.process.ended.then(() => clearTimeout(timer));
  }

  #stop(graceMs: number): void {
    // Kept connections are idle now, but the process would wait for them.
    this.#agent.destroy();
    this.process.stop(graceMs);
  }
}
