import type { FileSource } from "./source.ts";
import type { CheckDefinition } from "../check/check-definition.ts";
import { definitionRegistry } from "../definition-registry.ts";
import type { DefinitionSite } from "../definition-site.ts";
import type { MillraceError } from "../errors.ts";
import type { StoredMetadata } from "../metadata/metadata-value.ts";
import type { PartitionDefinition } from "../partition/partitions.ts";
import type { AnyObject, AnySchema } from "../schema.ts";
import type { AssetBody, Computation } from "./computation.ts";
import type { FileTypeDefinition } from "./file-type.ts";

/** An asset as data: what the builders make and the rest of Millrace reads. The public types are a view of it. */
export interface AssetDefinition {
  readonly key: string;
  readonly kind: "table" | "value" | "file";
  readonly columns?: AnyObject;
  readonly value?: AnySchema;
  readonly file?: FileTypeDefinition;
  /** What makes it, alone or together with others. Its body, dependencies, partitions and tries are the asset's too. */
  readonly computation: Computation;
  readonly body: AssetBody;
  /** Upstream assets under the names the function uses; for SQL assets under their own keys. */
  readonly dependencies: ReadonlyMap<string, AssetDefinition>;
  readonly partitions: PartitionDefinition;
  /** A run adds rows to those there are, rather than replacing them (N1). Tables only. */
  readonly appends: boolean;
  readonly checks: readonly CheckDefinition[];
  readonly description?: string;
  /** The key that it had before (N12). */
  readonly renamedFrom?: string;
  readonly group?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly owners: readonly string[];
  readonly metadata: StoredMetadata;
  /** For how long it is kept after it was replaced, in milliseconds; absent: as the project says (N18). */
  readonly retentionMs?: number;
  /** Given by the author instead of being derived (N8). */
  readonly codeVersion?: string;
  /** Mistakes in the definition itself, reported when the project is loaded. */
  readonly problems: readonly MillraceError[];
  readonly site: DefinitionSite;
}

const registry = definitionRegistry<AssetDefinition>();

export const registerAsset = registry.register;

/** Was this made by `asset` or `externalAsset`? */
export const isAsset = registry.has;

export function isExternal(asset: AssetDefinition): boolean {
  return asset.body.body === "external";
}

/** The file of an external asset that is one. */
export function sourceFile({ body }: AssetDefinition): FileSource | undefined {
  const { source } = body.body === "external" ? body : {};
  return source === undefined || source.format === "observed" || source.format === "reported"
    ? undefined
    : source;
}
