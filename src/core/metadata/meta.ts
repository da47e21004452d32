import type { AnyAsset, TableAsset } from "../asset/asset-types.ts";
import { isRecord } from "../option-rules.ts";
import type { AnyPartitions } from "../partition/partition-types.ts";
import type { MetadataKind } from "./metadata-kinds.ts";
import type { MetadataValue, TypedMetadata } from "./metadata-value.ts";

/** A column of some table, wherever it lies; the type in that place's own words. */
export interface SchemaColumn {
  readonly name: string;
  readonly type: string;
  readonly nullable?: boolean;
  readonly description?: string;
}

/** A column of another asset, made by `meta.column`. */
export interface ColumnOrigin {
  readonly asset: string;
  readonly column: string;
}

/** Makes metadata of the kinds that JSON does not have. Nothing is thrown here: what does not fit is told where it is kept. */
export interface MetaApi {
  /** A text in Markdown. */
  markdown(text: string): TypedMetadata<"markdown">;
  /** A link: an absolute URL. One with a password in it is refused, and so is one that runs a script. */
  url(href: string | URL): TypedMetadata<"url">;
  /** Where something lies in some file system or bucket. */
  path(path: string): TypedMetadata<"path">;
  /** A point in time, to the millisecond. A `Date` by itself is kept as the same. */
  timestamp(at: Date): TypedMetadata<"timestamp">;
  /** Another run, by its id. */
  run(id: string): TypedMetadata<"run">;
  /** Another asset, or its key. */
  asset(asset: AnyAsset | string): TypedMetadata<"asset">;
  /** A few rows to look at, at most 500: cells by column. More belong in an asset. */
  table(rows: readonly Readonly<Record<string, MetadataValue>>[]): TypedMetadata<"table">;
  /** The columns of some table. Those of a table asset are recorded without being asked. */
  tableSchema(columns: readonly SchemaColumn[]): TypedMetadata<"tableSchema">;
  /**
   * What each column is made of.
   *
   * @example
   * meta.columnLineage({ revenue: [meta.column(orders, "amount"), meta.column("warehouse/rates", "rate")] })
   */
  columnLineage(columns: Readonly<Record<string, readonly ColumnOrigin[]>>): TypedMetadata<"columnLineage">;
  /** For `columnLineage`: a column of an asset, which has to have it, or of the one with this key. */
  column<Row>(
    asset: TableAsset<string, Row, AnyPartitions> | string,
    column: [unknown] extends [Row] ? string : keyof Row & string,
  ): ColumnOrigin;
}

/** Checked when it is kept: programs are run without a look at their types, and mistakes are told all at once. */
function made<K extends MetadataKind>(kind: K, value: unknown): TypedMetadata<K> {
  return Object.freeze({ $meta: kind, value }) as Readonly<{ $meta: K; value: unknown }> & TypedMetadata<K>;
}

function keyOf(asset: unknown): unknown {
  return isRecord(asset) ? asset["key"] : asset;
}

/**
 * Metadata of kinds that JSON does not have. What JSON has is given as it is: numbers, texts, true and false, null,
 * lists and objects.
 *
 * @throws METADATA_INVALID where it is kept, when it does not fit its kind or is too large
 * @example
 * metadata({ auc: 0.71, report: meta.markdown("**fine**"), board: meta.url("https://bi.example/orders") });
 */
export const meta: MetaApi = {
  markdown: (text) => made("markdown", text),
  url: (href) => made("url", href instanceof URL ? href.href : href),
  path: (path) => made("path", path),
  timestamp: (at) => made("timestamp", isoText(at)),
  run: (id) => made("run", id),
  asset: (asset) => made("asset", keyOf(asset)),
  table: (rows) => made("table", rows),
  tableSchema: (columns) => made("tableSchema", columns),
  columnLineage: (columns) => made("columnLineage", columns),
  column: (asset, column) => ({ asset: keyOf(asset) as string, column }),
};

/** What is no point in time stays what it is, and is refused where it is kept. */
function isoText(at: unknown): unknown {
  return at instanceof Date && !Number.isNaN(at.getTime()) ? at.toISOString() : at;
}
