import * as z from "zod";
import type { AssetDefinition } from "../asset/asset-definition.ts";
import { columnsOf } from "../column/columns-of.ts";
import { describeChange, schemaChanges, type SchemaChange } from "../column/schema-change.ts";
import { firstFile, type VersionRecord } from "./version.ts";

/** Why a version cannot be read as its asset is declared now (N6). */
export type SchemaMismatch =
  | ({ readonly of: "column" } & SchemaChange)
  /** The stored value is refused by today's schema, in whose words. */
  | { readonly of: "value"; readonly reason: string }
  /** Another kind of asset, or another type of file. */
  | { readonly of: "kind" | "file"; readonly stored: string; readonly declared: string };

/** What of a version cannot be read. A value that does not lie in state is not looked into: that is for its reader. */
export function schemaMismatches(
  asset: Pick<AssetDefinition, "key" | "kind" | "columns" | "value" | "file">,
  version: Pick<VersionRecord, "kind" | "columns" | "location">,
): readonly SchemaMismatch[] {
  if (version.kind !== asset.kind) return [{ of: "kind", stored: version.kind, declared: asset.kind }];
  if (asset.columns !== undefined && version.columns !== undefined) {
    const changes = schemaChanges(version.columns, columnsOf(asset.key, asset.columns).columns);
    return changes.map((change) => ({ of: "column", ...change }));
  }
  if (asset.value !== undefined) return valueMismatch(asset.value, version);
  return asset.file === undefined ? [] : fileMismatch(asset.file.extension, version);
}

function valueMismatch(
  schema: NonNullable<AssetDefinition["value"]>,
  { location }: Pick<VersionRecord, "location">,
): readonly SchemaMismatch[] {
  if (location === undefined || !("inline" in location)) return [];
  try {
    const parsed = z.core.safeParse(schema, JSON.parse(location.inline));
    return parsed.success ? [] : [{ of: "value", reason: valueReason(parsed.error) }];
  } catch {
    // A schema that waits for something, or throws: what it says is heard when the value is read.
    return [];
  }
}

/** What a schema says of a value that it refuses, on one line. */
export function valueReason(error: z.core.$ZodError): string {
  return z.prettifyError(error).replaceAll("\n", "; ");
}

function fileMismatch(
  declared: string,
  { location }: Pick<VersionRecord, "location">,
): readonly SchemaMismatch[] {
  const file = firstFile(location);
  const stored = file?.slice(file.lastIndexOf(".") + 1);
  return stored === undefined || stored === declared ? [] : [{ of: "file", stored, declared }];
}

/** "the column amount is stored as INTEGER and declared as VARCHAR" */
export function describeMismatch(mismatch: SchemaMismatch): string {
  if (mismatch.of === "column") return describeChange(mismatch);
  if (mismatch.of === "value") return `the stored value does not fit: ${mismatch.reason}`;
  const { stored, declared } = mismatch;
  return mismatch.of === "kind"
    ? `it is stored as a ${stored} and declared as a ${declared}`
    : `it is stored as .${stored} and declared as .${declared}`;
}
