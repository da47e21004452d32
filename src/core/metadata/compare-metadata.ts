import { canonicalJson } from "../canonical-json.ts";
import type { StoredMetadata } from "./metadata-value.ts";

/** A name under which two versions keep different metadata; absent where one of them keeps none. */
export interface MetadataChange {
  readonly name: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** By name, in the order of the later one. */
export function compareMetadata(before: StoredMetadata, after: StoredMetadata): readonly MetadataChange[] {
  const names = new Set([...Object.keys(after), ...Object.keys(before)]);
  return [...names].flatMap((name): readonly MetadataChange[] => {
    const [was, is] = [sideOf(before, name), sideOf(after, name)];
    if (was !== undefined && is !== undefined && canonicalJson(was.value) === canonicalJson(is.value))
      return [];
    return [
      {
        name,
        ...(was === undefined ? {} : { before: was.value }),
        ...(is === undefined ? {} : { after: is.value }),
      },
    ];
  });
}

function sideOf(metadata: StoredMetadata, name: string): { readonly value: unknown } | undefined {
  return Object.hasOwn(metadata, name) ? { value: metadata[name] } : undefined;
}
