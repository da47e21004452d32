import { MillraceError, type ErrorPlace } from "../errors.ts";
import type { StoredMetadata } from "./metadata-value.ts";
import { storeMetadata } from "./store-metadata.ts";

/**
 * What is kept once more is given: all of it, or, if it does not fit, nothing.
 *
 * @param where Whose metadata it is, in words
 * @throws METADATA_INVALID
 */
export function keepMetadata(
  before: StoredMetadata,
  given: unknown,
  where: string,
  place: ErrorPlace = {},
): StoredMetadata {
  const { stored, flaw } = storeMetadata(given, before);
  if (flaw === undefined) return stored;
  throw new MillraceError("METADATA_INVALID", { where, ...flaw }, { place });
}
