import type { Tagged } from "../brand.ts";
import type { MetadataKind } from "./metadata-kinds.ts";

/** A value of a kind that JSON does not have, made by `meta`. Kept as `{ "$meta": kind, "value": … }`. */
export interface TypedMetadata<K extends MetadataKind = MetadataKind> extends Tagged<"metadata"> {
  readonly $meta: K;
  readonly value: unknown;
}

/**
 * What can be kept as metadata: what JSON holds, dates (kept as `meta.timestamp` would be), and what `meta` makes, at
 * any depth. A number may be whole or not; a big integer is given as a text. Objects of one's own have no `$meta`.
 */
export type MetadataValue =
  | string
  | number
  | boolean
  | null
  | Date
  | TypedMetadata
  | readonly MetadataValue[]
  | (MetadataByName & { readonly $meta?: never });

interface MetadataByName {
  readonly [name: string]: MetadataValue;
}

/** Metadata as it is kept, and as `--json` prints it: JSON, with `{ "$meta": kind, "value": … }` for the other kinds. */
export type StoredMetadata = Readonly<Record<string, unknown>>;
