import type { Covariant, Tagged } from "../brand.ts";

/** A bound parameter whose value is known when the step runs: `months.start` in SQL. */
export interface Param<out T> extends Covariant<T>, Tagged<"param"> {}

export interface Unpartitioned extends Tagged<"unpartitioned"> {
  readonly kind: "none";
}
/** One partition per calendar unit, in UTC. */
export interface TimePartitions<Unit extends string = string> extends Tagged<"time"> {
  readonly kind: "time";
  readonly unit: Unit;
  /** First instant of the step's partition. */
  readonly start: Param<Date>;
  /** First instant after it. */
  readonly end: Param<Date>;
  /** Its name: `2001-01`, `2001-01-31`. */
  readonly key: Param<string>;
}
/** A fixed list of names. */
export interface StaticPartitions<K extends string = string> extends Tagged<"static"> {
  readonly kind: "static";
  readonly keys: readonly K[];
  readonly key: Param<K>;
}
export type AnyPartitions = Unpartitioned | TimePartitions | StaticPartitions;

export interface TimePartition {
  readonly key: string;
  readonly start: Date;
  readonly end: Date;
}
export interface KeyPartition<K extends string = string> {
  readonly key: K;
}

/** What a step over these partitions is given. */
export type PartitionOf<P> = P extends TimePartitions
  ? TimePartition
  : P extends StaticPartitions<infer K>
    ? KeyPartition<K>
    : never;
/** How a partition is named in a test, a command or a request. */
export type PartitionKeyOf<P> =
  P extends StaticPartitions<infer K> ? K : P extends TimePartitions ? string : never;
/** The `partition` of a context, where there is one. */
export type PartitionPart<P> = P extends Unpartitioned ? {} : { readonly partition: PartitionOf<P> };
