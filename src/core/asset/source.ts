import type { Tagged } from "../brand.ts";

/** Where an external asset's content lies. */
export interface Source extends Tagged<"source"> {
  readonly format: "parquet" | "csv" | "file";
}

export interface SourceDefinition {
  readonly format: "parquet" | "csv" | "file";
  /** Relative paths start at the project's folder; `package:name/path` lies inside an installed npm package. */
  readonly path: string;
  readonly header: boolean;
}

export interface SourceApi {
  /** A Parquet file. */
  parquet(path: string): Source;
  /** A CSV file; its first line names the columns unless `header` is false. */
  csv(path: string, options?: { readonly header?: boolean }): Source;
  /** Any file, for assets of the kind file. */
  file(path: string): Source;
}

function make(format: SourceDefinition["format"], path: string, header = true): Source {
  const definition: SourceDefinition = { format, path, header };
  return Object.freeze(definition) as SourceDefinition & Source;
}

/**
 * Content made elsewhere: a path relative to the project's folder, an absolute one, or `package:<npm package>/<path>`.
 */
export const source: SourceApi = {
  parquet: (path) => make("parquet", path),
  csv: (path, options) => make("csv", path, options?.header),
  file: (path) => make("file", path),
};
