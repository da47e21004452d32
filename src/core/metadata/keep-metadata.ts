import { MillraceError, type ErrorPlace } from "../errors.ts";
import type { StoredMetadata } from "./metadata-value.ts";
import { storeMetadata } from "./store-metadata.ts";

/** Whose metadata it is, in words, and where that is defined. */
export interface MetadataOwner {
  readonly where: string;
  readonly place?: ErrorPlace;
}

/**
 * What is kept once more is given: all of it, or, if it does not fit, nothing.
 *
 * @throws METADATA_INVALID
 */
export function keepMetadata(before: StoredMetadata, given: unknown, owner: MetadataOwner): StoredMetadata {
  const { stored, flaw } = storeMetadata(given, before);
  if (flaw === undefined) return stored;
  const { where, place = {} } = owner;
  throw new MillraceError("METADATA_INVALID", { where, ...flaw }, { place });
}
