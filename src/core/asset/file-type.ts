import type { Covariant, MaybePromise, Tagged } from "../brand.ts";

/** How a file asset's bytes are named, sent and read. */
export interface FileType<out Loaded> extends Tagged<"file-type">, Covariant<Loaded> {
  readonly extension: string;
  readonly contentType: string;
}

/** The bytes of one version, given to `load`. */
export interface StoredFile {
  readonly path: string;
  bytes(): Promise<Uint8Array>;
  text(): Promise<string>;
}

export interface FileTypeDefinition {
  readonly extension: string;
  readonly contentType: string;
  readonly load?: (file: StoredFile) => unknown;
}

/**
 * What `columns` and `value` schemas are to tables and values: how a reader's `load()` turns the file into something.
 *
 * @example
 * const Model = fileType({ extension: "json", load: async (file) => parseModel(await file.text()) });
 */
export function fileType<Loaded = never>(options: {
  /** File name extension without the dot; "bin" when absent. */
  readonly extension?: string;
  /** "application/octet-stream" when absent. */
  readonly contentType?: string;
  readonly load?: (file: StoredFile) => MaybePromise<Loaded>;
}): FileType<Loaded> {
  const definition: FileTypeDefinition = {
    extension: options.extension ?? "bin",
    contentType: options.contentType ?? "application/octet-stream",
    ...(options.load === undefined ? {} : { load: options.load }),
  };
  return Object.freeze(definition) as FileTypeDefinition & FileType<Loaded>;
}
