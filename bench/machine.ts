import { availableParallelism, cpus, totalmem } from "node:os";
import duckdb from "@duckdb/node-api";

/** What the figures depend on, without anything that names the machine. */
export interface Machine {
  readonly date: string;
  readonly cores: number;
  readonly processor: string;
  readonly memoryGb: number;
  readonly platform: string;
  readonly node: string;
  readonly sqlite: string;
  readonly duckdb: string;
}

export function machine(): Machine {
  return {
    date: new Date().toISOString().slice(0, 10),
    cores: availableParallelism(),
    processor: cpus()[0]?.model.trim() ?? "unknown",
    memoryGb: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    sqlite: process.versions["sqlite"] ?? "unknown",
    duckdb: duckdb.version().replace(/^v/, ""),
  };
}
