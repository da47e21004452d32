import type { MaybePromise } from "../brand.ts";
import type { ConfigPart } from "../config/config-part.ts";
import type { MetadataValue } from "../metadata/metadata-value.ts";
import type { TableHandle } from "./handle.ts";
import type { PartitionPart } from "../partition/partition-types.ts";
import type { AnyObject } from "../schema.ts";

/** Structured log lines, kept with the run. Fields must be JSON; messages are for people. */
export interface Log {
  readonly debug: (message: string, fields?: Readonly<Record<string, unknown>>) => void;
  readonly info: (message: string, fields?: Readonly<Record<string, unknown>>) => void;
  readonly warn: (message: string, fields?: Readonly<Record<string, unknown>>) => void;
  readonly error: (message: string, fields?: Readonly<Record<string, unknown>>) => void;
}

/** What Millrace gives to everything that it runs. Functions are properties, so that they can be taken out of it. */
export interface AttemptContext {
  readonly log: Log;
  /** Aborted when the run is canceled, the time limit passes or the lease is lost. */
  readonly signal: AbortSignal;
  /** 1 for the first try. */
  readonly attempt: number;
  readonly run: {
    readonly id: string;
    /** Number of the snapshot that the run reads. */
    readonly snapshot: number;
  };
}

/** What Millrace gives to every check. */
export interface CheckStepContext extends AttemptContext {
  /**
   * Kept with the version, or, in a check, with what it found: numbers are shown over time. Later calls add to earlier
   * ones. A value takes at most 32,768 characters as JSON, all of them 65,536.
   *
   * @throws METADATA_INVALID, and keeps nothing of the call
   */
  readonly metadata: (values: Readonly<Record<string, MetadataValue>>) => void;
}

/** How code tells of what it makes. */
export interface OutputContext {
  /**
   * Kept with the version: numbers are shown over time. Later calls add to earlier ones. A value takes at most 32,768
   * characters as JSON, all of them 65,536.
   *
   * @throws METADATA_INVALID, and keeps nothing of the call
   */
  readonly metadata: (values: Readonly<Record<string, MetadataValue>>) => void;
  /**
   * Given in place of the content's hash, where that tells too much: as long as the text is the same, readers keep the
   * content they have, and nothing below is made again.
   */
  readonly dataVersion: (text: string) => void;
}

/** How code keeps what it has reached. */
export interface CheckpointContext {
  /**
   * A durable step inside this one: when the promise resolves, what `work` gave is kept, and a later attempt or process
   * of the same run gets it without `work` being called. A name is used once in an attempt; for several items, with the
   * `key` of each. Results hold what JSON holds, dates, big integers, maps, sets, undefined and bytes; at most 1 MiB.
   *
   * @throws CHECKPOINT_REPEATED, CHECKPOINT_NOT_SERIALIZABLE, CHECKPOINT_TOO_LARGE
   */
  readonly checkpoint: <T>(
    name: string,
    work: () => MaybePromise<T>,
    options?: { readonly key?: string },
  ) => Promise<T>;
}

/** What Millrace gives to every step that makes something. */
export interface StepContext extends CheckStepContext, OutputContext, CheckpointContext {}

/** What the `run` of an asset with `write: "append"` gets besides. */
export interface AppendContext<Row> {
  /**
   * The rows that the asset, or the partition, has so far: none before the first run and with `--full-refresh`. Reading
   * it is how a run finds out where to go on; interpolated in `sql`, it stands for the table.
   */
  readonly previous: TableHandle<Row>;
}

/** The second argument of `run`: with `partition` where the asset has partitions, and `config` where it takes one. */
export type RunContext<P, S extends AnyObject = never> = PartitionPart<P> & ConfigPart<S> & StepContext;
/** The same for a check, which makes nothing. */
export type CheckContext<P> = PartitionPart<P> & CheckStepContext;
/** The second argument of a multi-asset's `run`. What is said here is said of each output. */
export type MultiRunContext<P, Name extends string, S extends AnyObject = never> = RunContext<P, S> & {
  /** The outputs that are asked for: all of them, unless `subset` lets a step make some without the others. */
  readonly wanted: ReadonlySet<Name>;
  /** To tell of one output only. */
  readonly outputs: { readonly [K in Name]: OutputContext };
};
