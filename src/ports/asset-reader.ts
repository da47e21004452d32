import type { AssetDefinition } from "../core/asset/asset-definition.ts";
import type { ReadablePart } from "../core/catalog/readable-part.ts";
import type { TableRef } from "../core/sql/sql-tree.ts";
import type { QueryLimits, Statement, TableSource } from "./table-engine.ts";

/** One asset as somebody may read it: which versions, at the snapshot that was chosen before. */
export interface ReadableAsset {
  /** The name under which the function gets its handle. */
  readonly name: string;
  readonly asset: AssetDefinition;
  /** Current versions in order of partition; none for an external asset. */
  readonly parts: readonly ReadablePart[];
  /** True when several partitions are read: values and files then come as entries. */
  readonly many: boolean;
  /** Resolved path of an external asset's source. */
  readonly externalPath?: string;
  /** Data version of an external asset as it was observed just before. */
  readonly observedVersion?: string;
}

/** Typed, lazy handles on some assets, and what SQL over them means. */
export interface Reading {
  /** The first argument of `run` and of handlers: a handle for each name. */
  readonly handles: Readonly<Record<string, object>>;
  /** Resolves a table that SQL names. Throws SQL_UNKNOWN_TABLE for one that was not given. */
  source(table: TableRef): TableSource;
}

export interface AssetReader {
  read(
    assets: readonly ReadableAsset[],
    options: QueryLimits & { readonly partition?: Statement["partition"] },
  ): Reading;
}
