import type { Covariant, Tagged } from "../brand.ts";
import type { AnyPartitions, Unpartitioned } from "../partition/partition-types.ts";
import type { FileHandle, TableHandle, ValueHandle, ValuesHandle } from "./handle.ts";

/**
 * Typed rows. The type carries name, row and partitions, and never the dependencies: with them declaration files grow
 * with the square of the project.
 */
export interface TableAsset<out Name extends string, out Row, out P extends AnyPartitions = Unpartitioned>
  extends Tagged<"asset">, Covariant<Row> {
  readonly kind: "table";
  readonly key: Name;
  readonly partitions: P;
}
/** A JSON value with a schema. */
export interface ValueAsset<out Name extends string, out V, out P extends AnyPartitions = Unpartitioned>
  extends Tagged<"asset">, Covariant<V> {
  readonly kind: "value";
  readonly key: Name;
  readonly partitions: P;
}
/** Bytes: a model, a document. `Loaded` is what its file type's `load` makes of them. */
export interface FileAsset<
  out Name extends string,
  out Loaded = never,
  out P extends AnyPartitions = Unpartitioned,
>
  extends Tagged<"asset">, Covariant<Loaded> {
  readonly kind: "file";
  readonly key: Name;
  readonly partitions: P;
}
/* oxlint-disable no-explicit-any -- "whatever it holds": variance forbids unknown here */
export type AnyAsset =
  | TableAsset<string, any, any>
  | ValueAsset<string, any, any>
  | FileAsset<string, any, any>;

/** What a definition depends on, under the names its function uses. */
export type Dependencies = Readonly<Record<string, AnyAsset>>;

type Single<A> =
  A extends TableAsset<string, infer Row, any>
    ? TableHandle<Row>
    : A extends ValueAsset<string, infer V, any>
      ? ValueHandle<V>
      : A extends FileAsset<string, infer L, any>
        ? FileHandle<L>
        : never;
type Several<A> =
  A extends TableAsset<string, infer Row, any>
    ? TableHandle<Row>
    : A extends ValueAsset<string, infer V, any>
      ? ValuesHandle<V>
      : A extends FileAsset<string, infer L, any>
        ? ValuesHandle<FileHandle<L>>
        : never;

/** One partition of an upstream, or many? Equal definitions map one to one; everything else that is partitioned is many. */
export type HandleOf<A, P> = A extends { readonly partitions: infer U }
  ? U extends Unpartitioned
    ? Single<A>
    : [U, P] extends [P, U]
      ? Single<A>
      : Several<A>
  : never;
export type Handles<D, P> = { readonly [K in keyof D]: HandleOf<D[K], P> };
/** Keys of the assets in a record: what SQL may read. */
export type NamesOf<D> = {
  [K in keyof D]: D[K] extends { readonly key: infer N extends string } ? N : never;
}[keyof D];

/** For functions written outside a definition. */
export type RowOf<A> = A extends TableAsset<string, infer Row, any> ? Row : never;
export type ValueOf<A> = A extends ValueAsset<string, infer V, any> ? V : never;
/* oxlint-enable no-explicit-any */
