import type { AssetDefinition } from "../asset/asset-definition.ts";
import { definitionRegistry } from "../definition-registry.ts";
import type { DefinitionSite } from "../definition-site.ts";
import type { MillraceError } from "../errors.ts";
import type { SqlTree } from "../sql/sql-tree.ts";

/** A check as data. It runs on the staged version, before anybody can read it. */
export interface CheckDefinition {
  readonly name: string;
  /** A failed blocking check keeps the version from being published. */
  readonly blocking: boolean;
  readonly severity: "warn" | "error";
  readonly rule: CheckRule;
  /** Mistakes in its options, in words; absent when there are none. */
  readonly faults?: readonly string[];
}

export type CheckRule =
  | { readonly rule: "not_null" | "unique"; readonly columns: readonly string[] }
  | { readonly rule: "accepted"; readonly column: string; readonly values: readonly (string | number)[] }
  | {
      readonly rule: "range";
      readonly column: string;
      readonly min?: number | bigint | string | Date;
      readonly max?: number | bigint | string | Date;
    }
  | { readonly rule: "row_count"; readonly min?: number; readonly max?: number }
  /** Passes when the statement gives no row. */
  | { readonly rule: "no_rows"; readonly sql: SqlTree }
  | {
      readonly rule: "run";
      readonly dependencies: ReadonlyMap<string, AssetDefinition>;
      readonly run: (handles: object, context: object) => unknown;
    };

/** A check defined on its own, with the asset it is about. */
export interface AssetCheckDefinition extends CheckDefinition {
  /** Undefined only in a definition with problems. */
  readonly asset: AssetDefinition | undefined;
  readonly problems: readonly MillraceError[];
  readonly site: DefinitionSite;
}

const registry = definitionRegistry<AssetCheckDefinition>();

export const registerAssetCheck = registry.register;

export const isAssetCheck = registry.has;
