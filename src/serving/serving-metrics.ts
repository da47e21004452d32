import { collectDefaultMetrics, Counter, Gauge, type Histogram, Registry } from "prom-client";

/** Seconds; from a 304 to the longest time limit that is usual. */
const buckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** What one endpoint counted for one status, kept as plain numbers: adding to them must cost next to nothing. */
interface Tally {
  readonly method: string;
  readonly endpoint: string;
  readonly status: number;
  requests: number;
}

interface Latency {
  readonly method: string;
  readonly endpoint: string;
  /** One more than there are bounds: the last holds what is slower than all. */
  readonly counts: Float64Array;
  seconds: number;
  rows: number;
}

/**
 * The server's figures for Prometheus, in a registry of its own. Requests add to plain numbers, which become metrics only
 * when somebody looks: the client library finds a label's value by hashing its name on each call.
 */
export class ServingMetrics {
  readonly #registry = new Registry();
  readonly #tallies = new Map<string, Map<number, Tally>>();
  readonly #latencies = new Map<string, Latency>();
  #running = 0;

  constructor() {
    const registers: Registry[] = [];
    const tallies = (): Tally[] => [...this.#tallies.values()].flatMap((byStatus) => [...byStatus.values()]);
    const latencies = this.#latencies;
    const running = (): number => this.#running;
    this.#registry.registerMetric(
      new Counter({
        name: "millrace_http_requests_total",
        help: "Requests answered",
        labelNames: ["method", "endpoint", "status"],
        registers,
        collect() {
          this.reset();
          for (const { method, endpoint, status, requests } of tallies())
            this.inc({ method, endpoint, status }, requests);
        },
      }),
    );
    this.#registry.registerMetric(
      new Counter({
        name: "millrace_http_not_modified_total",
        help: "Requests answered by 304, without a body",
        labelNames: ["method", "endpoint"],
        registers,
        collect() {
          this.reset();
          for (const { method, endpoint, status, requests } of tallies()) {
            if (status === 304) this.inc({ method, endpoint }, requests);
          }
        },
      }),
    );
    this.#registry.registerMetric(
      new Counter({
        name: "millrace_http_rows_total",
        help: "Rows sent in answers that are lists",
        labelNames: ["method", "endpoint"],
        registers,
        collect() {
          this.reset();
          for (const { method, endpoint, rows } of latencies.values()) this.inc({ method, endpoint }, rows);
        },
      }),
    );
    this.#registry.registerMetric(
      new Gauge({
        name: "millrace_http_requests_running",
        help: "Requests under way",
        registers,
        collect() {
          this.set(running());
        },
      }),
    );
    this.#registry.registerMetric(durations(latencies) as unknown as Histogram);
    collectDefaultMetrics({ register: this.#registry });
  }

  started(): void {
    this.#running += 1;
  }

  ended(method: string, endpoint: string, status: number, seconds: number, rows: number): void {
    this.#running -= 1;
    const key = `${method} ${endpoint}`;
    let byStatus = this.#tallies.get(key);
    if (byStatus === undefined) this.#tallies.set(key, (byStatus = new Map()));
    let tally = byStatus.get(status);
    if (tally === undefined) byStatus.set(status, (tally = { method, endpoint, status, requests: 0 }));
    tally.requests += 1;
    let latency = this.#latencies.get(key);
    if (latency === undefined) {
      latency = { method, endpoint, counts: new Float64Array(buckets.length + 1), seconds: 0, rows: 0 };
      this.#latencies.set(key, latency);
    }
    latency.seconds += seconds;
    latency.rows += rows;
    let bucket = 0;
    while (bucket < buckets.length && seconds > (buckets[bucket] ?? 0)) bucket += 1;
    latency.counts[bucket] = (latency.counts[bucket] ?? 0) + 1;
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }
}

/** A histogram as the registry reads one, made of the plain numbers. */
function durations(latencies: ReadonlyMap<string, Latency>): object {
  const name = "millrace_http_request_duration_seconds";
  return {
    name,
    get: () => {
      const values = [...latencies.values()].flatMap(({ method, endpoint, counts, seconds }) => {
        const labels = { method, endpoint };
        let total = 0;
        const steps = [...counts].map((count, index) => {
          total += count;
          return {
            metricName: `${name}_bucket`,
            labels: { le: buckets[index] ?? "+Inf", ...labels },
            value: total,
          };
        });
        return [
          ...steps,
          { metricName: `${name}_sum`, labels, value: seconds },
          { metricName: `${name}_count`, labels, value: total },
        ];
      });
      return Promise.resolve({
        name,
        help: "Time from a request's arrival to its answer",
        type: "histogram",
        values,
        aggregator: "sum",
      });
    },
    reset: () => undefined,
  };
}
