import { sourceFile, type AssetDefinition } from "../../core/asset/asset-definition.ts";
import { createHash } from "node:crypto";
import type { ReadablePart } from "../../core/catalog/readable-part.ts";
import { firstFile, storedIn } from "../../core/catalog/version.ts";
import { describeMismatch, schemaMismatches } from "../../core/catalog/schema-mismatch.ts";
import type { Column } from "../../core/column/column.ts";
import { columnsOf } from "../../core/column/columns-of.ts";
import { MillraceError } from "../../core/errors.ts";
import type { SqlTree, TableRef } from "../../core/sql/sql-tree.ts";
import type { AssetReader, ReadableAsset, Reading } from "../../ports/asset-reader.ts";
import type {
  QueryLimits,
  Statement,
  TableEngine,
  TablePart,
  TableSource,
  VersionStore,
} from "../../ports/table-engine.ts";
import { tableParts } from "../../ports/table-parts.ts";
import { refuseDamaged } from "../damaged-version.ts";
import { FileContent, LoadedFiles } from "./file-handle.ts";
import { TableContent } from "./table-handle.ts";
import { readValue } from "./value-handle.ts";

/** What all handles of one reading share. */
export interface ReadingScope extends QueryLimits {
  readonly engine: TableEngine;
  /** A statement over the assets of this reading. */
  statement(sql: SqlTree): Statement;
}

/** Handles over versions in a store, and SQL over them in an engine. */
export function createAssetReader(engine: TableEngine, store: VersionStore): AssetReader {
  const loaded = new LoadedFiles();
  // Ten thousand versions take some ten milliseconds to put together: once for all who read the very same ones.
  const known = new WeakMap<readonly ReadablePart[], { asset: AssetDefinition; source: TableSource }>();
  const sourceOf = (readable: ReadableAsset): TableSource => {
    const { asset, parts } = readable;
    if (asset.body.body === "external") return tableSource(readable, store);
    let found = known.get(parts);
    if (found?.asset !== asset) known.set(parts, (found = { asset, source: tableSource(readable, store) }));
    return found.source;
  };
  return {
    read(assets: readonly ReadableAsset[], options): Reading {
      const { partition, ...limits } = options;
      const sources = new Map<string, TableSource>();
      const source = (table: TableRef): TableSource => {
        const readable = find(assets, table);
        if (readable === undefined) throw new MillraceError("SQL_UNKNOWN_TABLE", { asset: table.asset });
        let found = sources.get(readable.name);
        if (found === undefined) sources.set(readable.name, (found = sourceOf(readable)));
        return found;
      };
      const scope: ReadingScope = {
        ...limits,
        engine,
        statement: (sql) => ({ sql, source, partition }),
      };
      const handles = Object.fromEntries(
        assets.map((readable) => [readable.name, handle(readable, scope, store, loaded)]),
      );
      return { handles: Object.freeze(handles), source };
    },
  };
}

function find(assets: readonly ReadableAsset[], table: TableRef): ReadableAsset | undefined {
  return assets.find((readable) =>
    table.dependency === undefined
      ? readable.asset.key === table.asset && readable.asset.kind === "table"
      : readable.name === table.dependency,
  );
}

/** What no reader of that version could make sense of; a table's columns are told by the query that reads them. */
function refuseOtherSchema({ asset }: ReadableAsset, { version }: ReadablePart): void {
  if (version.kind === asset.kind && asset.kind !== "file") return;
  const [mismatch] = schemaMismatches(asset, version);
  if (mismatch === undefined) return;
  const details = { key: asset.key, reason: describeMismatch(mismatch) };
  throw new MillraceError("SCHEMA_CHANGED", details, { place: { asset: asset.key } });
}

function handle(
  readable: ReadableAsset,
  scope: ReadingScope,
  store: VersionStore,
  loaded: LoadedFiles,
): object {
  const { asset, name } = readable;
  if (asset.kind === "table") {
    const { columns } = columnsOf(asset.key, asset.columns ?? missing(asset.key));
    return new TableContent({ asset: asset.key, dependency: name }, columns, scope);
  }
  const one = (part: ReadablePart): object =>
    asset.kind === "value" ? valueHandle(readable, part, store) : fileHandle(readable, part, store, loaded);
  if (readable.many) {
    return {
      async *entries() {
        for (const part of readable.parts) {
          refuseOtherSchema(readable, part);
          const content = asset.kind === "value" ? await readValue(asset, part.version, store) : one(part);
          yield [part.partition ?? "", content];
        }
      },
    };
  }
  if (asset.body.body === "external" && sourceFile(asset) === undefined) {
    return unusableHandle(new MillraceError("EXTERNAL_NOT_READABLE", { key: asset.key }));
  }
  if (readable.externalPath !== undefined) {
    const { externalPath, observedVersion = "" } = readable;
    // The content may change under its path: what was loaded of it is not kept.
    return new FileContent({ path: () => externalPath, dataVersion: observedVersion, asset });
  }
  const [part] = readable.parts;
  if (part !== undefined) return one(part);
  return unusableHandle(new MillraceError("ASSET_NOT_MATERIALIZED", { key: asset.key }));
}

function valueHandle(readable: ReadableAsset, part: ReadablePart, store: VersionStore): object {
  return {
    async get() {
      refuseOtherSchema(readable, part);
      return readValue(readable.asset, part.version, store);
    },
    dataVersion: part.version.dataVersion ?? "",
  };
}

function fileHandle(
  readable: ReadableAsset,
  part: ReadablePart,
  store: VersionStore,
  loaded: LoadedFiles,
): FileContent {
  const { location, id, bytes } = part.version;
  const path = (): string => {
    refuseOtherSchema(readable, part);
    const file = firstFile(location);
    if (file === undefined) {
      const details = { key: readable.asset.key, version: id, reason: "it has no file" };
      throw new MillraceError("VERSION_CORRUPT", details);
    }
    const found = store.path(file);
    const { key } = readable.asset;
    refuseDamaged({ key, version: id, partition: part.partition, files: [found], bytes });
    return found;
  };
  return new FileContent({
    path,
    dataVersion: part.version.dataVersion ?? "",
    asset: readable.asset,
    loaded,
  });
}

/** Every use of it says why there is nothing. */
function unusableHandle(reason: MillraceError): object {
  const refuse = (): Promise<never> => Promise.reject(reason);
  return { get: refuse, load: refuse, path: refuse, bytes: refuse, text: refuse, dataVersion: "" };
}

/** A table at its versions. Equal files and columns give an equal id, so that the engine keeps what it prepared. */
export function tableSource(readable: ReadableAsset, store: VersionStore): TableSource {
  const { asset } = readable;
  const { columns } = columnsOf(asset.key, asset.columns ?? missing(asset.key));
  const parts: TablePart[] = [];
  if (asset.body.body === "external") {
    const file = sourceFile(asset);
    if (file === undefined) throw new MillraceError("EXTERNAL_NOT_READABLE", { key: asset.key });
    const { format, header, path: shown } = file;
    if (format === "file") return missing(asset.key);
    parts.push({
      part: "external",
      format,
      path: readable.externalPath ?? "",
      shown,
      ...(format === "csv" ? { header } : {}),
    });
  }
  for (const part of readable.parts) {
    refuseOtherSchema(readable, part);
    if (storedIn(part.version.location).length > 0) continue;
    const details = { key: asset.key, version: part.version.id, reason: "it has no files" };
    throw new MillraceError("VERSION_CORRUPT", details);
  }
  parts.push(...tableParts({ parts: readable.parts, columns }, store));
  return { key: asset.key, columns, parts, id: contentId(columns, parts) };
}

/** Two versions may have the same files (N4): what is prepared for one serves the other. */
function contentId(columns: readonly Column[], parts: readonly TablePart[]): string {
  const hash = createHash("sha256").update(JSON.stringify(columns));
  const schemas = new Map<readonly Column[], string>();
  for (const part of parts) {
    if (part.part === "external") {
      hash.update(JSON.stringify(part));
      continue;
    }
    const schema =
      schemas.get(part.columns) ?? createHash("sha256").update(JSON.stringify(part.columns)).digest("hex");
    schemas.set(part.columns, schema);
    const place = part.part === "rows" ? [part.file, part.from, part.to] : part.files;
    hash.update(JSON.stringify([place, schema]));
  }
  return hash.digest("hex").slice(0, 32);
}

function missing(key: string): never {
  throw new MillraceError("INTERNAL", { reason: `${key} is read as a table, but has no columns` });
}
