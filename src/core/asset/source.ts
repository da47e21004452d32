import type { MaybePromise, Tagged } from "../brand.ts";
import type { MetadataValue } from "../metadata/metadata-value.ts";

/** Where an external asset's content lies, or how it is known that it changed. */
export interface Source extends Tagged<"source"> {
  readonly format: SourceDefinition["format"];
}

/** What an external asset looks like, told by its author. */
export interface Observed {
  /** Names the content: another text is other content, and what was made from it is stale. */
  readonly dataVersion: string;
  readonly metadata?: Readonly<Record<string, MetadataValue>>;
}

/** Content in a file that can be read. */
export interface FileSource {
  readonly format: "parquet" | "csv" | "file";
  /** Relative paths start at the project's folder; `package:name/path` lies inside an installed npm package. */
  readonly path: string;
  readonly header: boolean;
}

export type SourceDefinition =
  | FileSource
  | { readonly format: "observed"; readonly observe: () => unknown }
  | { readonly format: "reported" };

export interface SourceApi {
  /** A Parquet file. */
  parquet(path: string): Source;
  /** A CSV file; its first line names the columns unless `header` is false. */
  csv(path: string, options?: { readonly header?: boolean }): Source;
  /** Any file, for assets of the kind file. */
  file(path: string): Source;
  /**
   * Content that Millrace cannot read: a table in a warehouse, a model behind an API. `observe` says what it looks like
   * now; it is called by `millrace observe` and before a run plans with it, never by a look. What depends on it reads it
   * by its own means.
   *
   * @throws EXTERNAL_OBSERVE_FAILED where it is observed, when `observe` throws or gives something else
   * @example
   * source.observed(async () => ({ dataVersion: await etagOf("https://example.org/prices.json") }))
   */
  observed(observe: () => MaybePromise<Observed>): Source;
  /**
   * Content that Millrace cannot read, and that whoever makes it tells of: `millrace report`. What depends on it cannot
   * be materialized before the first report.
   */
  reported(): Source;
}

function make(definition: SourceDefinition): Source {
  return Object.freeze(definition) as SourceDefinition & Source;
}

/**
 * Content made elsewhere: a path relative to the project's folder, an absolute one, or `package:<npm package>/<path>`;
 * or content that only its author (`observed`) or its maker (`reported`) can tell of.
 */
export const source: SourceApi = {
  parquet: (path) => make({ format: "parquet", path, header: true }),
  csv: (path, options) => make({ format: "csv", path, header: options?.header ?? true }),
  file: (path) => make({ format: "file", path, header: true }),
  observed: (observe) => make({ format: "observed", observe }),
  reported: () => make({ format: "reported" }),
};
