import { isRecord } from "../option-rules.ts";
import { isMetadataKind, type MetadataKind } from "./metadata-kinds.ts";

/** Kind and content of a stored value that `meta` made; undefined for what is plain JSON. */
export function typedMetadata(
  stored: unknown,
): { readonly kind: MetadataKind; readonly value: unknown } | undefined {
  if (!isRecord(stored) || !isMetadataKind(stored["$meta"])) return undefined;
  return { kind: stored["$meta"], value: stored["value"] };
}
